using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>How a sink's marker stands to the checkpoint store.</summary>
public enum MarkerStanding
{
    /// <summary>The sink keeps no marker: the store alone decides.</summary>
    KeepsNone,

    /// <summary>Both tell one story, up to the store's newest checkpoint.</summary>
    InStep,

    /// <summary>The sink has committed less than the store has prepared: a checkpoint is under way, or was left undecided. A start goes on from what the sink has.</summary>
    Behind,

    /// <summary>The sink has committed more than the store knows: the store was rolled back, emptied, or is another's.</summary>
    Ahead,

    /// <summary>Another store is the sink's owner.</summary>
    Foreign,

    /// <summary>There is no marker.</summary>
    Absent,
}

/// <summary>Tells how a sink's marker stands. Pure.</summary>
public static class MarkerStandings
{
    /// <summary>The answer.</summary>
    /// <param name="sink">The sink, as a first reading found it.</param>
    /// <param name="stored">All checkpoints of the store, in any order.</param>
    /// <param name="store">The store's id; null while it has none.</param>
    public static MarkerStanding Of(OpenedSink sink, IReadOnlyList<StoredCheckpoint> stored, StoreId? store)
    {
        var newest = stored.Select(checkpoint => checkpoint.Checkpoint).Order(CheckpointOrder.NewestFirst).Select(checkpoint => (CheckpointRef?)checkpoint).FirstOrDefault();
        return sink.Kind is SinkKind.Idempotent or SinkKind.AtLeastOnce ? MarkerStanding.KeepsNone
            : sink.Found is not { } found ? MarkerStanding.Absent
            : found.Store is { } owner && owner != store ? MarkerStanding.Foreign
            : found.Checkpoint is not { } committed ? Without(sink.Kind, newest)
            : newest is not { } last || CheckpointOrder.IsNewer(committed, last) ? MarkerStanding.Ahead
            // A checkpoint without output leaves no trace at a staged sink.
            : committed == last || sink.Kind == SinkKind.Staged ? MarkerStanding.InStep
            : MarkerStanding.Behind;
    }

    private static MarkerStanding Without(SinkKind kind, CheckpointRef? newest) =>
        newest is null || kind == SinkKind.Staged ? MarkerStanding.InStep : MarkerStanding.Behind;
}
