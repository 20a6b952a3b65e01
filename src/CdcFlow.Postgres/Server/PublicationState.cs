using CdcFlow.Checkpoints;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>A publication as the server has it.</summary>
/// <param name="IsForAllTables">Whether it covers every table.</param>
/// <param name="IsWhole">Whether it publishes inserts, updates, deletes and truncates.</param>
/// <param name="IsViaRoot">Whether changes of partitions are published as their root's.</param>
/// <param name="IsOwner">Whether the role may alter it.</param>
/// <param name="IsMarked">Whether it bears the pipeline's mark.</param>
/// <param name="IsOurs">Whether it is the pipeline's to alter: marked, or by its name one that CdcFlow 0.1 made, which set no marks. All others may serve others as well.</param>
/// <param name="Listed">The tables it names itself.</param>
/// <param name="Covered">The tables it covers in any way (by name, schema or all).</param>
/// <param name="Filtered">Covered tables of which it publishes only some rows.</param>
/// <param name="Columns">The columns that it publishes of each table that was asked for and is covered; empty on servers before 15, which publish all.</param>
/// <param name="WithoutIdentity">Covered tables of which it lists columns but not those of the replica identity.</param>
internal sealed record PublicationState(
    bool IsForAllTables, bool IsWhole, bool IsViaRoot, bool IsOwner, bool IsMarked, bool IsOurs,
    IReadOnlySet<TableId> Listed, IReadOnlySet<TableId> Covered, IReadOnlySet<TableId> Filtered,
    IReadOnlyDictionary<TableId, IReadOnlySet<string>> Columns, IReadOnlySet<TableId> WithoutIdentity)
{
    // The identity that counts is each partition's own. Under FULL the server takes no list, not even one of all columns.
    private const string LacksIdentity =
        """
        r.prattrs IS NOT NULL AND EXISTS (
            SELECT FROM pg_class l
            WHERE l.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf UNION SELECT c.oid WHERE c.relkind = 'r') AND (l.relreplident = 'f' OR EXISTS (
                SELECT FROM pg_index i JOIN pg_attribute k ON k.attrelid = l.oid AND k.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                WHERE i.indrelid = l.oid AND CASE l.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END
                AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = k.attname AND a.attnum = ANY (r.prattrs)))))
        """;

    /// <summary>Tables of which it lists columns: that list alone says what it publishes of them.</summary>
    internal required IReadOnlySet<TableId> WithColumnList { get; init; }

    /// <summary>The checkpoint store that its mark names; null where it names none.</summary>
    internal StoreId? Store { get; init; }

    /// <summary>The publication, or null when there is none of that name.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="options">Which one.</param>
    /// <param name="tables">Whose columns to ask for.</param>
    internal static PublicationState? Read(PostgresConnection connection, PostgresSourceOptions options, IEnumerable<PostgresTable> tables)
    {
        var literal = SqlText.Literal(options.Publication);
        var found = connection.Query(
            $"""
            SELECT puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate, pubviaroot, pg_has_role(pubowner, 'USAGE'),
                   obj_description(oid, 'pg_publication')
            FROM pg_publication WHERE pubname = {literal}
            """);
        if (found.Rows is not [{ } row])
        {
            return null;
        }

        const string named = "FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid "
            + "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ";
        var isNarrowing = connection.ServerVersion >= 15;
        return new PublicationState(
            row[0] == "t", row[1] == "t", row[2] == "t", row[3] == "t", PublicationMark.IsOf(options.Slot, row[4]),
            PublicationMark.IsOf(options.Slot, row[4]) || (row[4] is null && !options.IsPublicationNamed),
            Tables(connection, $"SELECT n.nspname, c.relname {named}{literal}"),
            Tables(connection, $"SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = {literal}"),
            isNarrowing ? Tables(connection, $"SELECT n.nspname, c.relname {named}{literal} AND r.prqual IS NOT NULL") : new HashSet<TableId>(),
            isNarrowing ? PublishedColumns(connection, literal, tables) : new Dictionary<TableId, IReadOnlySet<string>>(),
            isNarrowing ? Tables(connection, $"SELECT n.nspname, c.relname {named}{literal} AND {LacksIdentity}") : new HashSet<TableId>())
        {
            Store = PublicationMark.StoreOf(options.Slot, row[4]),
            WithColumnList = isNarrowing ? Tables(connection, $"SELECT n.nspname, c.relname {named}{literal} AND r.prattrs IS NOT NULL") : new HashSet<TableId>(),
        };
    }

    /// <summary>The SQL that makes it.</summary>
    internal static string Create(string name, IReadOnlyList<PostgresTable> tables) =>
        $"CREATE PUBLICATION {SqlText.Identifier(name)} FOR TABLE {List(tables.Select(table => table.Id))} WITH (publish_via_partition_root = true"
        + (tables.Any(table => table.PublishableGenerated.Any()) ? ", publish_generated_columns = stored)" : ")");

    /// <summary>The SQL that makes it publish every row and column of tables that it lists. In one transaction, so that no change is published by neither.</summary>
    internal static string Whole(string name, IReadOnlyList<TableId> tables)
    {
        var alter = $"ALTER PUBLICATION {SqlText.Identifier(name)}";
        return $"BEGIN; {alter} DROP TABLE {List(tables)}; {alter} ADD TABLE {List(tables)}; COMMIT";
    }

    /// <summary>Whether every change of the tables is published, perhaps among others.</summary>
    internal bool Suffices(IReadOnlyList<PostgresTable> tables) =>
        IsWhole && HasRoots(tables) && HasGenerated(tables.Where(HasGeneratedIdentity)) && Missing(tables).Count == 0;

    /// <summary>The SQL that makes it cover the tables, and of those that it lists no others if it is ours; null when nothing has to change.</summary>
    internal string? Fix(string name, IReadOnlyList<PostgresTable> tables)
    {
        var alter = $"ALTER PUBLICATION {SqlText.Identifier(name)}";
        var missing = Missing(tables);
        TableId[] surplus = IsOurs ? [.. Listed.Except(tables.Select(table => table.Id))] : [];
        string?[] statements =
        [
            surplus.Length > 0 ? $"{alter} DROP TABLE {List(surplus)}" : null,
            IsWhole ? null : $"{alter} SET (publish = 'insert, update, delete, truncate')",
            HasRoots(tables) ? null : $"{alter} SET (publish_via_partition_root = true)",
            HasGenerated(tables) ? null : GeneratedColumns(name),
            missing.Count > 0 ? $"{alter} ADD TABLE {List(missing)}" : null,
        ];
        return statements.Any(statement => statement is not null) ? string.Join("; ", statements.Where(statement => statement is not null)) : null;
    }

    /// <summary>What it does not publish of what the pipeline reads.</summary>
    internal IEnumerable<string> Lacking(IReadOnlyList<PostgresTable> tables)
    {
        if (Missing(tables) is { Count: > 0 } missing)
        {
            yield return string.Join(", ", missing);
        }

        if (!IsWhole)
        {
            yield return "every kind of change (publish)";
        }

        if (!HasRoots(tables))
        {
            yield return "changes of partitions as those of their root (publish_via_partition_root)";
        }

        if (!HasGenerated(tables))
        {
            yield return "stored generated columns (publish_generated_columns)";
        }
    }

    /// <summary>The SQL that makes it publish stored generated columns.</summary>
    internal static string GeneratedColumns(string name) => $"ALTER PUBLICATION {SqlText.Identifier(name)} SET (publish_generated_columns = stored)";

    // There the server refuses UPDATE and DELETE until the columns are published.
    private static bool HasGeneratedIdentity(PostgresTable table) => table.HasWholeOldRows || table.Key.Any(column => column.IsGenerated);

    private bool HasGenerated(IEnumerable<PostgresTable> tables) => tables.All(
        table => WithColumnList.Contains(table.Id) || !table.PublishableGenerated.Any()
            || (Columns.TryGetValue(table.Id, out var published) && table.PublishableGenerated.All(published.Contains)));

    private bool HasRoots(IReadOnlyList<PostgresTable> tables) => IsViaRoot || !tables.Any(table => table.IsPartitioned);

    private List<TableId> Missing(IReadOnlyList<PostgresTable> tables) =>
        IsForAllTables ? [] : [.. tables.Select(table => table.Id).Where(table => !Listed.Contains(table) && !Covered.Contains(table))];

    // Before 18 the view names generated columns as well, and the log does not carry them.
    private static Dictionary<TableId, IReadOnlySet<string>> PublishedColumns(PostgresConnection connection, string name, IEnumerable<PostgresTable> tables)
    {
        var carried = connection.ServerVersion >= 18 ? "true" : "a.attgenerated = ''";
        var ids = string.Join(", ", tables.Select(table => $"({SqlText.Literal(table.Id.Schema)}, {SqlText.Literal(table.Id.Name)})"));
        return connection.Query(
            $"""
            SELECT n.nspname, c.relname, a.attname
            FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = ANY (p.attnames)
            WHERE p.pubname = {name} AND (n.nspname, c.relname) IN ({ids}) AND {carried}
            """).Rows.GroupBy(row => new TableId(row[0]!, row[1]!)).ToDictionary(
                table => table.Key, IReadOnlySet<string> (table) => table.Select(row => row[2]!).ToHashSet(StringComparer.Ordinal));
    }

    private static HashSet<TableId> Tables(PostgresConnection connection, string sql) =>
        [.. connection.Query(sql).Rows.Select(row => new TableId(row[0]!, row[1]!))];

    private static string List(IEnumerable<TableId> tables) =>
        string.Join(", ", tables.Select(table => $"ONLY {SqlText.Table(table)}"));
}
