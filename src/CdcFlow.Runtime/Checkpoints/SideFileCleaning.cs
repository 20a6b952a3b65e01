using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>Deletes the side files that no stored checkpoint names any more, and those that an instance which died had not named yet.</summary>
/// <remarks>Between two writes of the one instance that writes, after retention. The store is asked only while there are such files.</remarks>
internal sealed class SideFileCleaning(ICheckpointStore store, ICheckpointLease lease)
{
    private Dictionary<CheckpointRef, StoredCheckpoint> known = [];
    private bool hasNone;

    /// <summary>Cleans up after a checkpoint.</summary>
    /// <param name="committed">The checkpoint that was just committed.</param>
    /// <param name="stored">What the store holds after retention.</param>
    /// <param name="cancellationToken">Gives up; what is left is deleted another time.</param>
    public async ValueTask RunAsync(CheckpointManifest committed, IEnumerable<CheckpointRef> stored, CancellationToken cancellationToken)
    {
        if (hasNone && committed.SideFiles.Count == 0)
        {
            return;
        }

        var files = await store.ListSideFilesAsync(cancellationToken);
        hasNone = files.Count == 0;
        known[committed.Checkpoint] = new ReadableCheckpoint(committed);
        if (!hasNone && Retention.Unnamed(files, await LoadAsync(stored, cancellationToken)) is { Count: > 0 } unnamed)
        {
            await lease.DeleteSideFilesAsync(unnamed, cancellationToken);
        }
    }

    private async ValueTask<IReadOnlyCollection<StoredCheckpoint>> LoadAsync(IEnumerable<CheckpointRef> stored, CancellationToken cancellationToken)
    {
        var loaded = new Dictionary<CheckpointRef, StoredCheckpoint>();
        foreach (var checkpoint in stored)
        {
            if (known.TryGetValue(checkpoint, out var found) || (found = await store.LoadAsync(checkpoint, cancellationToken)) is not null)
            {
                loaded.Add(checkpoint, found);
            }
        }

        known = loaded;
        return loaded.Values;
    }
}
