using CdcFlow.Snapshots;

namespace CdcFlow.Postgres.Source;

/// <summary>How far the snapshot of one table is, as the checkpoint keeps it.</summary>
/// <param name="Table">The table.</param>
/// <param name="IsComplete">Whether all of it is handed over (or was never asked for).</param>
/// <param name="Frontier">The last key handed over, where there is one.</param>
/// <param name="Rows">Rows handed over.</param>
internal sealed record TableSnapshotState(TableId Table, bool IsComplete, ChunkKey? Frontier, long Rows)
{
    internal static TableSnapshotState NotBegun(TableId table) => new(table, IsComplete: false, null, 0);

    internal static TableSnapshotState Done(TableId table) => new(table, IsComplete: true, null, 0);
}
