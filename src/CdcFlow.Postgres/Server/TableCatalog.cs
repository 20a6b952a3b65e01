using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>Reads tables' definitions out of the server's catalog.</summary>
internal static class TableCatalog
{
    /// <summary>From here on a publication may have stored generated columns.</summary>
    private const int PublishesGenerated = 18;

    /// <summary>The table, or null when there is none of that name.</summary>
    internal static PostgresTable? Find(PostgresConnection connection, TableId id)
    {
        var found = connection.Query(
            $"""
            SELECT c.oid, c.relkind, c.relpersistence, c.relreplident, has_table_privilege(c.oid, 'SELECT'), pg_has_role(c.relowner, 'USAGE'),
                   (SELECT sum(p.reltuples) FROM pg_class p WHERE p.oid = c.oid OR p.oid IN (SELECT relid FROM pg_partition_tree(c.oid))),
                   (SELECT sum(pg_table_size(p.oid)) FROM pg_class p WHERE p.oid = c.oid OR p.oid IN (SELECT relid FROM pg_partition_tree(c.oid))),
                   (SELECT bool_or(p.relreplident = 'f') FROM pg_class p WHERE p.oid = c.oid OR p.oid IN (SELECT relid FROM pg_partition_tree(c.oid)))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = {SqlText.Literal(id.Schema)} AND c.relname = {SqlText.Literal(id.Name)} AND c.relkind IN ('r', 'p')
            """);
        if (found.Rows is not [{ } row])
        {
            return null;
        }

        var oid = row[0]!;
        var estimate = (long)double.Parse(row[6]!, CultureInfo.InvariantCulture);
        var bytes = long.Parse(row[7]!, CultureInfo.InvariantCulture);
        return new PostgresTable(
            id, row[1] == "p", row[2] == "p", row[3]![0], estimate > 0 || bytes == 0 ? Math.Max(0, estimate) : null, bytes,
            row[4] == "t", row[5] == "t", Columns(connection, oid), IndexColumns(connection, oid, "indisprimary"), IndexColumns(connection, oid, "indisreplident"))
        {
            Oid = uint.Parse(oid, CultureInfo.InvariantCulture),
            Comparisons = KeyComparison.Read(connection, oid),
            HasWholeOldRows = row[8] == "t",
            UniqueKeys = UniqueKeys(connection, oid),
        };
    }

    /// <summary>The table with the key and the replica identity that it has now. Asks for no lock of it.</summary>
    internal static PostgresTable WithKeysOf(PostgresConnection connection, PostgresTable table)
    {
        var oid = table.Oid.ToString(CultureInfo.InvariantCulture);
        var identity = connection.Query($"SELECT relreplident FROM pg_class WHERE oid = {oid}").Rows is [{ } row] ? row[0]![0] : table.Identity;
        return new PostgresTable(
            table.Id, table.IsPartitioned, table.IsPermanent, identity, table.EstimatedRows, table.Bytes, table.IsReadable, table.IsOwner,
            Columns(connection, oid), IndexColumns(connection, oid, "indisprimary"), IndexColumns(connection, oid, "indisreplident"))
        {
            Oid = table.Oid,
            Comparisons = table.Comparisons,
            HasWholeOldRows = table.HasWholeOldRows,
            UniqueKeys = UniqueKeys(connection, oid),
        };
    }

    // The server moves no value out of its row that takes 24 bytes or less (TOAST_POINTER_SIZE, aligned), which a numeric of up to 26 digits and a varchar(5) do not pass; and none at all where the
    // columns' types keep every row so short that the table has no TOAST table. A partitioned table has none of its own, and what inherits may have more columns.
    private const string MayBeLargeSql =
        """
        (r.relkind = 'p' OR r.relhassubclass OR r.reltoastrelid <> 0)
                   AND NOT (a.atttypid = 'numeric'::regtype AND a.atttypmod >= 4 AND ((a.atttypmod - 4) >> 16) & 65535 <= 26)
                   AND NOT (a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod BETWEEN 4 AND 4 + 5)
        """;

    /// <summary>The columns of a table as they are now.</summary>
    internal static IReadOnlyList<PostgresColumn> Columns(PostgresConnection connection, string oid)
    {
        var result = connection.Query(
            $"""
            SELECT a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod), a.attgenerated, t.typname, t.typnamespace = 'pg_catalog'::regnamespace,
                   CASE WHEN o.oid IS NOT NULL THEN format('%I.%I', cn.nspname, o.collname) END,
                   {BytewiseCollation.Sql(connection.ServerVersion, "o", "d")},
                   a.attnum, NOT (a.attnotnull OR t.typnotnull), a.attstorage <> 'p' AND {MayBeLargeSql}
            FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid JOIN pg_database d ON d.datname = current_database()
                 LEFT JOIN pg_collation o ON o.oid = a.attcollation LEFT JOIN pg_namespace cn ON cn.oid = o.collnamespace
            WHERE a.attrelid = {oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """);
        return [.. result.Rows.Select(row => new PostgresColumn(
            row[0]!, uint.Parse(row[1]!, CultureInfo.InvariantCulture), row[2]!, row[3] != "", row[6],
            row[5] == "t" ? OrderOf(row[4]!, isBytewise: row[7] == "t") : ColumnOrder.Server)
        {
            Number = short.Parse(row[8]!, CultureInfo.InvariantCulture),
            IsNullable = row[9] == "t",
            MayBeUnchanged = row[10] == "t",
            CanBePublished = row[3] == "" || (row[3] == "s" && connection.ServerVersion >= PublishesGenerated),
        })];
    }

    private static ColumnOrder OrderOf(string type, bool isBytewise) => type switch
    {
        "int2" or "int4" or "int8" or "oid" => ColumnOrder.Integer,
        "uuid" or "bytea" or "bool" => ColumnOrder.Bytes,
        "text" or "varchar" or "name" when isBytewise => ColumnOrder.Bytes,
        "date" or "timestamp" or "timestamptz" => ColumnOrder.Time,
        _ => ColumnOrder.Server,
    };

    // Columns that an index only includes are no part of its key. An index that is checked at commit is no replica identity: the server ignores it.
    private static List<string> IndexColumns(PostgresConnection connection, string oid, string flag)
    {
        var result = connection.Query(
            $"""
            SELECT a.attname
            FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = {oid} AND i.{flag} AND i.indimmediate AND k.place <= i.indnkeyatts ORDER BY k.place
            """);
        return [.. result.Rows.Select(row => row[0]!)];
    }

    private static IReadOnlyList<IReadOnlyList<string>> UniqueKeys(PostgresConnection connection, string oid)
    {
        var result = connection.Query(
            $"""
            SELECT i.indexrelid, a.attname
            FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
            WHERE i.indrelid = {oid} AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            """);
        return [.. result.Rows.GroupBy(row => row[0]!, row => row[1]!).Select(index => index.ToArray())];
    }
}
