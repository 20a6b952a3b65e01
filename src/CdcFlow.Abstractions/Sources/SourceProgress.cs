namespace CdcFlow.Sources;

/// <summary>What a source is doing.</summary>
public enum SourcePhase
{
    /// <summary>Connecting and checking.</summary>
    Starting,

    /// <summary>Reading tables, and the log at the same time.</summary>
    Snapshot,

    /// <summary>Reading the log only.</summary>
    Streaming,
}

/// <summary>How far the snapshot of one table is.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">Rows handed over so far.</param>
/// <param name="EstimatedRows">The server's estimate of the whole, or null when it has none.</param>
/// <param name="IsComplete">Whether the table is done.</param>
public sealed record TableProgress(TableId Table, long Rows, long? EstimatedRows, bool IsComplete);

/// <summary>How far a source is.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Tables">One entry per table that is or was snapshotted in this run.</param>
/// <param name="Position">The place in the log up to which changes were handed over, as the server spells it.</param>
/// <param name="LagBytes">Log bytes between that place and the server's head when last heard; null when unknown.</param>
/// <param name="LastCommit">When the last handed-over transaction committed, by the source's clock; null before the first.</param>
public sealed record SourceProgress(
    SourcePhase Phase, IReadOnlyList<TableProgress> Tables, string Position, long? LagBytes, DateTimeOffset? LastCommit)
{
    /// <summary>Log bytes that the server keeps for this source at least: from what was last confirmed to its head; null when unknown.</summary>
    public long? RetainedBytes { get; init; }

    /// <summary>A source that has not begun.</summary>
    public static SourceProgress None { get; } = new(SourcePhase.Starting, [], "", null, null);
}
