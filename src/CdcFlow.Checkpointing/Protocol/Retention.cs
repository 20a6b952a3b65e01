using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>Which checkpoints a store may forget.</summary>
public static class Retention
{
    /// <summary>What may be deleted now that <paramref name="committed"/> is: all but it, the <paramref name="keep"/> − 1 before it, and anything newer.</summary>
    /// <remarks>A sink's marker names the committed checkpoint or, after a crash, a newer prepared one; neither is ever in the result. Everything is
    /// classified before anything is deleted. Oldest first, so that a crash half-way leaves no gap.</remarks>
    /// <param name="stored">Every checkpoint of the store, readable or not.</param>
    /// <param name="committed">Proof that a checkpoint is committed on every sink.</param>
    /// <param name="keep">How many to keep, at least 1.</param>
    public static IReadOnlyList<CheckpointRef> Deletable(IEnumerable<CheckpointRef> stored, DurableCheckpoint committed, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        return
        [
            .. stored.Where(checkpoint => CheckpointOrder.IsNewer(committed.Checkpoint, checkpoint))
                .Order(CheckpointOrder.NewestFirst).Skip(keep - 1).Reverse(),
        ];
    }

    /// <summary>The side files that no checkpoint of the store names. As long as one of them cannot be read, nothing is known of what it names, and none is in the result.</summary>
    /// <remarks>To be asked, as everything of retention, by the one instance that writes, between two of its writes: what is written and not yet named would be in the result.</remarks>
    /// <param name="files">Every side file of the store.</param>
    /// <param name="stored">Every checkpoint of the store, readable or not.</param>
    public static IReadOnlyList<SideFileRef> Unnamed(IEnumerable<SideFileRef> files, IReadOnlyCollection<StoredCheckpoint> stored) =>
        stored.Any(checkpoint => checkpoint is not ReadableCheckpoint)
            ? []
            : [.. files.Except(stored.OfType<ReadableCheckpoint>().SelectMany(readable => readable.Manifest.SideFiles))];
}
