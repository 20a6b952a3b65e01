using CdcFlow.Capture;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>How far the snapshot of one table is, as the checkpoint keeps it.</summary>
/// <param name="Table">The table.</param>
/// <param name="IsComplete">Whether all of it is handed over (or was never asked for).</param>
/// <param name="Frontier">The last key handed over, where there is one.</param>
/// <param name="Rows">Rows handed over.</param>
internal sealed record TableSnapshotState(TableId Table, bool IsComplete, ChunkKey? Frontier, long Rows)
{
    /// <summary>The key that <see cref="Frontier"/> is of; null in checkpoints of before it was kept.</summary>
    internal string? Key { get; init; }

    /// <summary>By what the publication publishes the table: the catalog's rows, with the transactions that wrote them. Another text is another
    /// publication of it, perhaps after a gap. Null in checkpoints of 0.1.</summary>
    internal string? Published { get; init; }

    /// <summary>Whether it is read again because that was asked for, and not complete yet.</summary>
    internal bool IsAgain { get; init; }

    /// <summary>The form that its rows were handed over in; null where <see cref="IsAgain"/> is false or nothing was read.</summary>
    internal string? Form { get; init; }

    /// <summary>The catalogue as it was when it was last looked at; null in checkpoints of before it was kept.</summary>
    internal TableFacts? Facts { get; init; }

    /// <summary>Up to where in the log values may be of later than their change (a reselection); null: nowhere.</summary>
    internal Lsn? ReselectedUpTo { get; init; }

    /// <summary>Whether nothing of it was handed over.</summary>
    internal bool IsNotBegun => !IsComplete && Rows == 0 && Frontier is null;

    internal static TableSnapshotState NotBegun(TableId table) => new(table, IsComplete: false, null, 0);

    internal static TableSnapshotState Done(TableId table) => new(table, IsComplete: true, null, 0);
}
