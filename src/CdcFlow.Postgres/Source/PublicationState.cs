using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>A publication as the server has it.</summary>
/// <param name="IsForAllTables">Whether it covers every table.</param>
/// <param name="IsWhole">Whether it publishes inserts, updates, deletes and truncates.</param>
/// <param name="IsViaRoot">Whether changes of partitions are published as their root's.</param>
/// <param name="IsOwner">Whether the role may alter it.</param>
/// <param name="Listed">The tables it names itself.</param>
/// <param name="Covered">The tables it covers in any way (by name, schema or all).</param>
/// <param name="Narrowed">Covered tables of which it publishes only some rows or columns.</param>
internal sealed record PublicationState(
    bool IsForAllTables, bool IsWhole, bool IsViaRoot, bool IsOwner,
    IReadOnlySet<TableId> Listed, IReadOnlySet<TableId> Covered, IReadOnlySet<TableId> Narrowed)
{
    internal static PublicationState? Read(PostgresConnection connection, string name)
    {
        var literal = SqlText.Literal(name);
        var found = connection.Query(
            $"""
            SELECT puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate, pubviaroot, pg_has_role(pubowner, 'USAGE')
            FROM pg_publication WHERE pubname = {literal}
            """);
        if (found.Rows is not [{ } row])
        {
            return null;
        }

        const string named = "FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid "
            + "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ";
        var narrowed = connection.ServerVersion >= 15
            ? Tables(connection, $"SELECT n.nspname, c.relname {named}{literal} AND (r.prqual IS NOT NULL OR r.prattrs IS NOT NULL)")
            : new HashSet<TableId>();
        return new PublicationState(
            row[0] == "t", row[1] == "t", row[2] == "t", row[3] == "t",
            Tables(connection, $"SELECT n.nspname, c.relname {named}{literal}"),
            Tables(connection, $"SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = {literal}"),
            narrowed);
    }

    /// <summary>The SQL that makes it.</summary>
    internal static string Create(string name, IReadOnlyList<PostgresTable> tables) =>
        $"CREATE PUBLICATION {SqlText.Identifier(name)} FOR TABLE {List(tables.Select(table => table.Id))} WITH (publish_via_partition_root = true)";

    /// <summary>The SQL that makes it publish every row and column of the tables that it lists.</summary>
    internal static string Whole(string name, IEnumerable<TableId> listed) => $"ALTER PUBLICATION {SqlText.Identifier(name)} SET TABLE {List(listed)}";

    /// <summary>Whether every change of the tables is published, perhaps among others.</summary>
    internal bool Suffices(IReadOnlyList<PostgresTable> tables) => IsWhole && HasRoots(tables) && Missing(tables).Count == 0;

    /// <summary>The SQL that makes it cover exactly the tables; null when nothing has to change. One of the user's own, for schemas or all tables, is left alone.</summary>
    internal string? Mend(string name, IReadOnlyList<PostgresTable> tables)
    {
        var alter = $"ALTER PUBLICATION {SqlText.Identifier(name)}";
        var missing = Missing(tables);
        var surplus = Listed.Except(tables.Select(table => table.Id)).ToArray();
        string?[] statements =
        [
            missing.Count > 0 ? $"{alter} ADD TABLE {List(missing)}" : null,
            surplus.Length > 0 ? $"{alter} DROP TABLE {List(surplus)}" : null,
            IsWhole ? null : $"{alter} SET (publish = 'insert, update, delete, truncate')",
            HasRoots(tables) ? null : $"{alter} SET (publish_via_partition_root = true)",
        ];
        return statements.Any(statement => statement is not null) ? string.Join("; ", statements.Where(statement => statement is not null)) : null;
    }

    private bool HasRoots(IReadOnlyList<PostgresTable> tables) => IsViaRoot || !tables.Any(table => table.IsPartitioned);

    private List<TableId> Missing(IReadOnlyList<PostgresTable> tables) =>
        IsForAllTables ? [] : [.. tables.Select(table => table.Id).Where(table => !Listed.Contains(table) && !Covered.Contains(table))];

    private static HashSet<TableId> Tables(PostgresConnection connection, string sql) =>
        [.. connection.Query(sql).Rows.Select(row => new TableId(row[0]!, row[1]!))];

    private static string List(IEnumerable<TableId> tables) =>
        string.Join(", ", tables.Select(table => $"ONLY {SqlText.Table(table)}"));
}
