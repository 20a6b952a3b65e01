using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Reads <see cref="TableFacts"/> out of the server's catalogue.</summary>
internal static class FactCatalog
{
    /// <summary>One row a fact: its kind, whose it is, and its parts.</summary>
    private const string Facts =
        """
        WITH RECURSIVE tree AS (
            SELECT {0}::oid AS relid, 0 AS age, '0'::xid AS attached, true AS isroot
            UNION ALL
            SELECT i.inhrelid, CASE WHEN t.isroot THEN age(i.xmin) ELSE least(t.age, age(i.xmin)) END,
                   CASE WHEN t.isroot OR age(i.xmin) < t.age THEN i.xmin ELSE t.attached END, false
            FROM tree t JOIN pg_inherits i ON i.inhparent = t.relid JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition),
        leaf AS (SELECT t.relid, t.attached, t.isroot, c.relfilenode FROM tree t JOIN pg_class c ON c.oid = t.relid WHERE c.relkind <> 'p'),
        col AS (SELECT a.*, a.xmin AS writer FROM pg_attribute a WHERE a.attrelid = {0} AND a.attnum > 0 AND NOT a.attisdropped),
        used AS (
            SELECT t.oid, t.typelem, t.typbasetype FROM pg_type t WHERE t.oid IN (SELECT atttypid FROM col)
            UNION SELECT t.oid, t.typelem, t.typbasetype FROM used u JOIN pg_type t ON t.oid IN (u.typelem, u.typbasetype))
        SELECT 'partition', relid::text, relid::regclass::text, attached::text FROM leaf WHERE NOT isroot
        UNION ALL SELECT 'file', relid::text, relfilenode::text, NULL FROM leaf
        UNION ALL SELECT 'column', attnum::text, attname::text, writer::text || CASE WHEN atthasmissing THEN '+' ELSE '' END FROM col
        UNION ALL SELECT 'label', e.oid::text, e.enumlabel::text, NULL FROM pg_enum e WHERE e.enumtypid IN (SELECT oid FROM used)
        """;

    /// <summary>The facts of now; null when there is no such table any more.</summary>
    internal static TableFacts? Read(PostgresConnection connection, uint table)
    {
        var rows = connection.Query(Facts.Replace("{0}", table.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).Rows;
        var facts = rows.ToLookup(row => row[0]!);
        return !facts["column"].Any() ? null : new TableFacts(
            facts["partition"].ToDictionary(row => Number(row[1]), row => new PartitionFact(row[2]!, Number(row[3]))),
            facts["file"].ToDictionary(row => Number(row[1]), row => Number(row[2])),
            facts["column"].ToDictionary(
                row => short.Parse(row[1]!, CultureInfo.InvariantCulture), row => new ColumnFact(row[2]!, Number(row[3]!.TrimEnd('+')), row[3]!.EndsWith('+'))),
            facts["label"].ToDictionary(row => Number(row[1]), row => row[2]!));
    }

    /// <summary>Whether the partition has rows that are older than it is a partition, so that the log never had them as rows of the table.</summary>
    /// <remarks>Within the attaching transaction, the commands before the one that attached count as older.</remarks>
    internal static bool HasOlderRows(PostgresConnection connection, TableId root, uint oid, PartitionFact partition)
    {
        var mayRead = connection.Query($"SELECT has_table_privilege({oid}, 'SELECT')").Scalar == "t";
        var rows = mayRead ? $"ONLY {partition.Name} AS r WHERE true" : $"{SqlText.Table(root)} AS r WHERE r.tableoid = {oid}";
        return connection.Query(
            $"""
            SELECT EXISTS (SELECT FROM {rows} AND (
                age(r.xmin) > age('{partition.AttachedBy}'::xid)
                OR r.xmin = '{partition.AttachedBy}'::xid AND r.cmin::text::bigint < coalesce(
                    (SELECT min(i.cmin::text::bigint) FROM pg_inherits i WHERE i.xmin = '{partition.AttachedBy}'::xid), 0)))
            """).Scalar == "t";
    }

    private static uint Number(string? text) => uint.Parse(text!, CultureInfo.InvariantCulture);
}
