using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>All that recovery is decided by. Gathered twice, each time in this order: lease, sinks, store. At first the sinks are only read, and
/// <see cref="Recovery.Admit"/> says whether they may be opened; then they are opened, which fences them.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Stored">Every checkpoint of the store, in any order.</param>
/// <param name="Sinks">What each sink connection of the pipeline said when it was read or opened.</param>
/// <param name="Override">What the operator asked for on the command line, or null.</param>
public sealed record RecoveryFacts(
    string Pipeline, IReadOnlyList<StoredCheckpoint> Stored, IReadOnlyList<OpenedSink> Sinks, RecoveryOverride? Override = null)
{
    /// <summary>The pipeline's source connections: a checkpoint with another one's position is refused. Null: not asked.</summary>
    public IReadOnlyCollection<string>? Sources { get; init; }

    /// <summary>The ids of the pipeline's nodes that keep state: a checkpoint with another one's state is refused. Null: not asked.</summary>
    public IReadOnlyCollection<string>? Nodes { get; init; }

    /// <summary>The store's id; null while it has none.</summary>
    public StoreId? Store { get; init; }

    /// <summary>Reads everything that a store holds, newest first. What lacks a side file, or has one that is not what was written, is a <see cref="DamagedCheckpoint"/>.</summary>
    public static async ValueTask<IReadOnlyList<StoredCheckpoint>> LoadAllAsync(ICheckpointStore store, CancellationToken cancellationToken)
    {
        var stored = new List<StoredCheckpoint>();
        var files = new SideFileReading(store);
        foreach (var checkpoint in await store.ListAsync(cancellationToken))
        {
            if (await files.LoadAsync(checkpoint, cancellationToken) is { } found)
            {
                stored.Add(found);
            }
        }

        return stored;
    }
}

/// <summary>A sink connection after it was opened, or read for the first time.</summary>
/// <param name="Connection">Its name.</param>
/// <param name="Kind">How it takes part in checkpoints.</param>
/// <param name="Marker">What its own marker says was committed last; null when it keeps none or has none.</param>
public readonly record struct OpenedSink(string Connection, SinkKind Kind, CheckpointRef? Marker)
{
    /// <summary>The whole marker, of a first reading; null where there is none, and once the sink is open, when it is this instance's.</summary>
    public SinkMarker? Found { get; init; }

    /// <summary>As the first reading found it, also once the sink is open: <see cref="SinkMarker.Before"/>.</summary>
    public CheckpointRef? Before { get; init; }
}

/// <summary>An operator's order to recover otherwise than the markers say. Given once, by hand: output may then be doubled or missing.</summary>
/// <param name="Checkpoint">The checkpoint to restore, or null to begin afresh.</param>
public sealed record RecoveryOverride(CheckpointRef? Checkpoint);
