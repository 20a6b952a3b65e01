using CdcFlow.Capture;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Finds where the next chunk of a table ends.</summary>
internal sealed class PlanWork(TableChunks chunks, ChunkRange rest, int rows) : SnapshotWork
{
    private ChunkKey? bound;

    internal override void Ask(PostgresConnection connection) => connection.Ask(chunks.Sql.Bound(rest, rows));

    internal override bool Execute(PostgresConnection connection)
    {
        bound = connection.Answer().Rows is [var key] ? new ChunkKey(key!) : null;
        return true;
    }

    internal override void Apply() => chunks.Planned(bound);
}
