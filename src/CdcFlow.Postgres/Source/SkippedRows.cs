using System.Globalization;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>What a part of the log has of the tables that are read, as far as the server still decodes it.</summary>
/// <param name="Tables">How many row events of which table; a truncate is one. Without <paramref name="Unknown"/> a table that is not there has none.</param>
/// <param name="Unknown">Why not all of it is known, as a sentence; null: it is.</param>
internal sealed record SkippedRows(IReadOnlyList<KeyValuePair<TableId, long>> Tables, string? Unknown)
{
    /// <summary>The server keeps what it decodes until it has answered; so it ends after the transaction that is past this many.</summary>
    private const int EventsMax = 100_000;

    /// <summary>Counts, without moving the slot.</summary>
    /// <param name="connection">The server. May be broken afterwards, where the server does not survive its own log.</param>
    /// <param name="slot">The slot, which nobody reads.</param>
    /// <param name="publication">The publication.</param>
    /// <param name="from">The first commit that counts, or a place before it.</param>
    /// <param name="to">A place behind the last.</param>
    /// <param name="tables">The tables, by the names that they have now.</param>
    internal static SkippedRows Count(PostgresConnection connection, string slot, string publication, Lsn from, Lsn to, IReadOnlyList<TableId> tables)
    {
        try
        {
            return Of(connection.Query(Question(slot, publication, from, to)).Rows, tables);
        }
        catch (CdcFlowException e)
        {
            return new SkippedRows([], $"The server does not decode it. {e.Happened}");
        }
    }

    /// <summary>By table, its root and its own name; by neither, what is of a table that was dropped. The last row counts all messages.</summary>
    private static SkippedRows Of(IReadOnlyList<string?[]> rows, IReadOnlyList<TableId> tables)
    {
        var counts = new SortedDictionary<string, KeyValuePair<TableId, long>>(StringComparer.Ordinal);
        var (gone, all) = (0L, 0L);
        foreach (var row in rows)
        {
            var count = long.Parse(row[5]!, CultureInfo.InvariantCulture);
            if (row[0] == "all")
            {
                all = count;
            }
            else if (row[2] is null)
            {
                gone += count;
            }
            else if (TableOf(row, tables) is { } table)
            {
                counts[table.ToString()] = new(table, counts.GetValueOrDefault(table.ToString()).Value + count);
            }
        }

        return new SkippedRows([.. counts.Values], all >= EventsMax ? "No more of it was counted." : gone > 0 ? $"Tables that were dropped since have {gone} row events there." : null);
    }

    private static TableId? TableOf(string?[] row, IReadOnlyList<TableId> tables)
    {
        var (own, root) = (new TableId(row[1]!, row[2]!), new TableId(row[3] ?? row[1]!, row[4] ?? row[2]!));
        return tables.Contains(own) ? own : tables.Contains(root) ? root : null;
    }

    // pgoutput, protocol 1: B has where its transaction commits, I, U and D the table, T a number of tables, a byte of options, and the tables.
    private static string Question(string slot, string publication, Lsn from, Lsn to) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        WITH log AS MATERIALIZED (
            SELECT xid, get_byte(data, 0) AS kind, CASE get_byte(data, 0) WHEN 84 THEN data ELSE substr(data, 1, 9) END AS head
            FROM pg_logical_slot_peek_binary_changes({SqlText.Literal(slot)}, '{to}', {EventsMax}, 'proto_version', '1', 'publication_names', {SqlText.Literal(SqlText.Identifier(publication))})),
        committed AS (SELECT xid, ('x' || encode(substr(head, 2, 8), 'hex'))::bit(64)::bigint AS place FROM log WHERE kind = 66),
        events AS (
            SELECT ('x' || encode(substr(head, CASE kind WHEN 84 THEN 7 + 4 * n ELSE 2 END, 4), 'hex'))::bit(32)::bigint AS oid
            FROM log JOIN committed USING (xid),
                LATERAL generate_series(0, CASE kind WHEN 84 THEN ('x' || encode(substr(head, 2, 4), 'hex'))::bit(32)::int - 1 ELSE 0 END) n
            WHERE kind IN (68, 73, 84, 85) AND place >= {from.Value} AND place < {to.Value})
        SELECT 'table', s.nspname, c.relname, t.nspname, r.relname, count(*)
        FROM events e LEFT JOIN pg_class c ON c.oid = e.oid LEFT JOIN pg_namespace s ON s.oid = c.relnamespace
            LEFT JOIN pg_class r ON r.oid = pg_partition_root(c.oid) LEFT JOIN pg_namespace t ON t.oid = r.relnamespace
        GROUP BY 2, 3, 4, 5
        UNION ALL SELECT 'all', NULL, NULL, NULL, NULL, count(*) FROM log
        """);
}
