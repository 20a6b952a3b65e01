using System.Globalization;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The SQL of the one pass over a table without a key: ranges of blocks (<c>ctid</c>), all in one exported snapshot.</summary>
/// <param name="table">The table.</param>
/// <param name="form">What the table must still be.</param>
internal sealed class PassSql(PostgresTable table, BoundForm form)
{
    /// <summary>The server's TID range scan came with 14; before, every range would be a scan of the whole table.</summary>
    private const int RangeScans = 14;

    /// <summary>Opens the transaction and gives its snapshot, the log's end after that, the snapshot's name for others, how many blocks there are to cut, and the table's form.</summary>
    /// <remarks>The lock comes before the snapshot: TRUNCATE is not transactional for older snapshots. While it is held, no row moves but by being
    /// written anew, which the snapshot does not show. The size is read after the snapshot, so what the snapshot shows lies within it.</remarks>
    internal string Begin(int serverVersion) =>
        $"""
        {ChunkSql.BeginReading}; LOCK TABLE {table.Sql} IN ACCESS SHARE MODE;
        SELECT pg_current_snapshot(), pg_current_wal_insert_lsn(), pg_export_snapshot(), {(serverVersion >= RangeScans ? Blocks : "NULL")},
               {form.Sql}
        """;

    /// <summary>Opens a transaction in the exported snapshot. It fails, and does not wait, where somebody waits for the table: who waits, waits for the
    /// reader that has it.</summary>
    internal string Join(string snapshot) =>
        $"{ChunkSql.BeginReading}; SET TRANSACTION SNAPSHOT {SqlText.Literal(snapshot)}; LOCK TABLE {table.Sql} IN ACCESS SHARE MODE NOWAIT";

    internal const string End = "COMMIT";

    internal const string GiveUp = "ROLLBACK";

    /// <summary>The rows of a range.</summary>
    internal string Copy(string selectList, BlockRange range)
    {
        var upTo = range.To is { } to ? string.Create(CultureInfo.InvariantCulture, $" AND ctid < '({to},0)'") : "";
        var where = range is { From: 0, To: null } ? "" : string.Create(CultureInfo.InvariantCulture, $" WHERE ctid >= '({range.From},0)'{upTo}");
        return $"COPY (SELECT {selectList} FROM {table.Sql}{where}) TO STDOUT (FORMAT binary)";
    }

    // Of the largest partition. Null where some part is no heap: another storage or a foreign server may give ctid another meaning.
    private string Blocks =>
        $"""
        (SELECT CASE WHEN bool_and(c.relkind = 'r' AND a.amname = 'heap') THEN max(pg_relation_size(c.oid)) / current_setting('block_size')::bigint END
         FROM pg_class c LEFT JOIN pg_am a ON a.oid = c.relam
         WHERE c.oid = {Oid} AND c.relkind = 'r' OR c.oid IN (SELECT relid FROM pg_partition_tree({Oid}) WHERE isleaf))
        """;

    private string Oid => $"{SqlText.Literal(SqlText.Table(table.Id))}::regclass";
}
