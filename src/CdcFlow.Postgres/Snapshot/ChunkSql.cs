using System.Globalization;
using CdcFlow.Capture;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The SQL of one table's snapshot: keyset ranges over its key, which an index on the key serves.</summary>
/// <param name="table">The table.</param>
/// <param name="form">What the table must still be.</param>
internal sealed class ChunkSql(PostgresTable table, BoundForm form)
{
    private readonly string name = table.Sql;
    private readonly string[] key = [.. table.Key.Select(column => SqlText.Identifier(column.Name))];
    private readonly KeyComparison[] order = [.. table.Key.Select(column => table.Comparisons[column.Name])];

    private string Key => string.Join(", ", key);

    /// <summary>Opens a transaction and gives its snapshot; read after it, the log's end, which is the chunk's high watermark; and the table's form.</summary>
    /// <remarks>The lock comes before the snapshot: TRUNCATE is not transactional for older snapshots, so none may come between.</remarks>
    internal string Begin =>
        $"{BeginReading}; LOCK TABLE {name} IN ACCESS SHARE MODE; {ControlSession.ObserveSql}, {form.Sql}";

    internal const string BeginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <summary>Put after the last copy, it costs no round trip.</summary>
    internal const string ThenEnd = "; COMMIT";

    /// <summary>The last key of the first <paramref name="rows"/> rows after a bound; no row when fewer are left.</summary>
    internal string Bound(ChunkRange range, long rows) => string.Create(
        CultureInfo.InvariantCulture, $"SELECT {Key} FROM {name}{Where(range)} ORDER BY {Key} OFFSET {rows - 1} LIMIT 1");

    /// <summary>The rows of a range.</summary>
    internal string Copy(string selectList, ChunkRange range) => $"COPY (SELECT {selectList} FROM {name}{Where(range)}) TO STDOUT (FORMAT binary)";

    /// <summary>The log's end and how far it is on disk, and columns of the row of a key as it is now: NULL and nothing where there is none.</summary>
    /// <remarks>It waits for no lock for long: who holds it may wait for the log's reader.</remarks>
    internal string Reselect(IEnumerable<string> columns, ChunkKey at) =>
        $"""
        SET lock_timeout = '5s'; SELECT pg_current_wal_insert_lsn(), pg_current_wal_flush_lsn(), r.* FROM (VALUES (1)) AS always
        LEFT JOIN (SELECT true{string.Concat(columns.Select(column => $", {SqlText.Identifier(column)}"))} FROM {name} WHERE {KeyComparison.At(order, key, Values(at))}) AS r ON true; RESET lock_timeout
        """;

    /// <summary>For each key, in order, how many of the bounds are below it, by the server's own comparison.</summary>
    internal string CountBelow(IReadOnlyList<ChunkKey> bounds, IReadOnlyList<ChunkKey> keys) =>
        $"""
        SELECT (SELECT count(*) FROM (VALUES {string.Join(", ", bounds.Select(Row))}) AS b WHERE {KeyComparison.Before(order, Terms("b"), Terms("k"))})
        FROM (VALUES {string.Join(", ", keys.Select(Row))}) AS k
        """;

    private string Where(ChunkRange range)
    {
        var conditions = new List<string>();
        if (range.After is { } after)
        {
            conditions.Add(KeyComparison.After(order, key, Values(after)));
        }

        if (range.UpTo is { } upTo)
        {
            conditions.Add(KeyComparison.UpTo(order, key, Values(upTo)));
        }

        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private string Row(ChunkKey value) => $"({string.Join(", ", Values(value))})";

    private string[] Terms(string row) => [.. key.Select((_, i) => $"{row}.column{i + 1}")];

    private string[] Values(ChunkKey value) => [.. value.Values.Select((text, i) =>
        $"CAST({SqlText.Literal(text)} AS {order[i].Type})" + (table.Key[i].Collation is { } collation ? $" COLLATE {collation}" : ""))];
}
