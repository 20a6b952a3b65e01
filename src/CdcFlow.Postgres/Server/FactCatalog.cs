using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>Reads <see cref="TableFacts"/> out of the server's catalogue.</summary>
internal static class FactCatalog
{
    /// <summary>One row a fact: the table, its kind, whose it is, and its parts.</summary>
    private const string Facts =
        """
        WITH RECURSIVE root AS (SELECT unnest('{{0}}'::oid[]) AS root),
        tree AS (
            SELECT root, root AS relid, '' AS links FROM root
            UNION ALL
            SELECT t.root, i.inhrelid, t.links || CASE t.links WHEN '' THEN '' ELSE ',' END || i.xmin || '/' || i.inhparent
            FROM tree t JOIN pg_inherits i ON i.inhparent = t.relid {1} JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition),
        leaf AS (SELECT t.root, t.relid, t.links, c.relfilenode FROM tree t JOIN pg_class c ON c.oid = t.relid WHERE c.relkind <> 'p'),
        col AS (
            SELECT root, a.attnum, a.attname, a.atttypid, a.atthasmissing, a.xmin AS writer
            FROM root JOIN pg_attribute a ON a.attrelid = root WHERE a.attnum > 0 AND NOT a.attisdropped),
        used AS (
            SELECT c.root, t.oid, t.typelem, t.typbasetype FROM col c JOIN pg_type t ON t.oid = c.atttypid
            UNION SELECT u.root, t.oid, t.typelem, t.typbasetype FROM used u JOIN pg_type t ON t.oid IN (u.typelem, u.typbasetype))
        SELECT root, 'partition', relid::text, relid::regclass::text, links FROM leaf WHERE links <> ''
        UNION ALL SELECT root, 'file', relid::text, relfilenode::text, NULL FROM leaf
        UNION ALL SELECT root, 'column', attnum::text, attname::text, writer::text || CASE WHEN atthasmissing THEN '+' ELSE '' END FROM col
        UNION ALL SELECT root, 'key', k.oid::text, NULL, NULL FROM root JOIN pg_constraint k ON k.conrelid = root AND k.contype = 'p'
        UNION ALL SELECT u.root, 'label', e.oid::text, e.enumlabel::text, NULL FROM used u JOIN pg_enum e ON e.enumtypid = u.oid
        """;

    /// <summary>The facts of now, by the tables' OIDs; none of a table that there is no more. One query for all of them.</summary>
    internal static IReadOnlyDictionary<uint, TableFacts> Read(PostgresConnection connection, IEnumerable<uint> tables)
    {
        // One that is being detached CONCURRENTLY has its row still, written anew: whoever looks from now on does not see the partition.
        var attached = connection.ServerVersion >= 14 ? "AND NOT i.inhdetachpending" : "";
        var sql = Facts.Replace("{0}", string.Join(',', tables.Select(table => table.ToString(CultureInfo.InvariantCulture))), StringComparison.Ordinal)
            .Replace("{1}", attached, StringComparison.Ordinal);
        return connection.Query(sql).Rows.GroupBy(row => Number(row[0])).Select(rows => (Table: rows.Key, Facts: rows.ToLookup(row => row[1]!)))
            .Where(table => table.Facts["column"].Any()).ToDictionary(table => table.Table, table => Of(table.Facts));
    }

    private static TableFacts Of(ILookup<string, string?[]> facts) => new(
        facts["partition"].ToDictionary(row => Number(row[2]), row => new PartitionFact(row[3]!, row[4]!)),
        facts["file"].ToDictionary(row => Number(row[2]), row => Number(row[3])),
        facts["column"].ToDictionary(
            row => short.Parse(row[2]!, CultureInfo.InvariantCulture), row => new ColumnFact(row[3]!, Number(row[4]!.TrimEnd('+')), row[4]!.EndsWith('+'))),
        facts["label"].ToDictionary(row => Number(row[2]), row => row[3]!),
        facts["key"].Select(row => Number(row[2])).FirstOrDefault());

    /// <summary>Whether the partition has rows that are older than it is a partition, so that the log never had them as rows of the table.</summary>
    /// <remarks>Within the attaching transaction, the commands before the one that attached count as older.</remarks>
    internal static bool HasOlderRows(PostgresConnection connection, TableId root, uint oid, PartitionFact partition)
    {
        var mayRead = connection.Query($"SELECT has_table_privilege({oid}, 'SELECT')").Scalar == "t";
        var rows = mayRead ? $"ONLY {partition.Name} AS r WHERE true" : $"{SqlText.Table(root)} AS r WHERE r.tableoid = {oid}";
        return connection.Query(
            $"""
            WITH attach AS (SELECT xid FROM unnest(ARRAY[{string.Join(", ", partition.AttachedBy.Select(xid => $"'{xid}'::xid"))}]) AS link (xid) ORDER BY {Age("xid")} LIMIT 1)
            SELECT EXISTS (SELECT FROM attach, {rows} AND ({IsOlder("r.xmin", "attach.xid")} OR r.xmin = attach.xid AND r.cmin::text::bigint < coalesce(
                (SELECT max(i.cmin::text::bigint) FROM pg_inherits i
                 WHERE i.xmin = attach.xid AND i.inhrelid IN (SELECT relid FROM pg_partition_ancestors({oid}) AS a (relid))), 0)))
            """).Scalar == "t";
    }

    /// <summary>Whether the command that gave a table or leaf its file wrote rows of it anew, as <c>SET LOGGED</c> does; <c>VACUUM FULL</c> keeps who wrote a row.</summary>
    /// <remarks>Rows that came later in the transaction of a <c>TRUNCATE</c> are of later commands. Rows that are copied come first, so few pages tell. The
    /// command writes indexes anew as well, whose rows in the catalog stay as they are when the table gets another name or other grants.</remarks>
    /// <param name="connection">The server.</param>
    /// <param name="root">The table.</param>
    /// <param name="oid">The table or leaf.</param>
    /// <param name="others">Transactions whose copies are told otherwise.</param>
    internal static bool HasCopiedRows(PostgresConnection connection, uint root, uint oid, IReadOnlyCollection<uint> others) => Exists(
        connection, root, oid,
        $$"""
        r.ctid = ANY (ARRAY(SELECT format('(%s,%s)', page, item)::tid FROM generate_series(0, 7) page, generate_series(1, 300) item))
        AND r.xmin::text <> ALL (ARRAY[{{string.Join(", ", others.Select(xid => $"'{xid}'"))}}]::text[])
        AND EXISTS (
            SELECT FROM pg_class w WHERE w.oid IN (SELECT c.oid UNION SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = c.oid)
            AND w.xmin = r.xmin AND w.cmin::text::bigint >= r.cmin::text::bigint)
        """);

    /// <summary>Whether rows of a leaf are older than its file: none is after a <c>TRUNCATE</c>.</summary>
    internal static bool HasRowsOlderThanFile(PostgresConnection connection, uint root, uint oid) =>
        Exists(connection, root, oid, IsOlder("r.xmin", "c.xmin"));

    private static bool Exists(PostgresConnection connection, uint root, uint oid, string condition)
    {
        var names = connection.Query($"SELECT {oid}::regclass, {root}::regclass, has_table_privilege({oid}, 'SELECT')").Rows[0];
        var rows = names[2] == "t" ? $"ONLY {names[0]}" : names[1];
        return connection.Query($"SELECT EXISTS (SELECT FROM pg_class c, {rows} r WHERE c.oid = {oid} AND r.tableoid = {oid} AND {condition})").Scalar == "t";
    }

    /// <summary>SQL that says whether a transaction began before another one.</summary>
    internal static string IsOlder(string xid, string other) => $"{Age(xid)} > {Age(other)}";

    // The server keeps a row's xmin when it freezes it, and gives ages as differences of 32 bits with a sign. Without the sign they reach twice as far.
    private static string Age(string xid) => $"(age({xid})::bigint & 4294967295)";

    private static uint Number(string? text) => uint.Parse(text!, CultureInfo.InvariantCulture);
}
