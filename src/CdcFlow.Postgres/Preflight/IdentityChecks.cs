using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether the log names the rows of a table, and of each of its partitions, and whether publishing it would break somebody's UPDATE and DELETE.</summary>
internal static class IdentityChecks
{
    /// <summary>Columns computed on reading, which no publication has.</summary>
    private const int VirtualColumns = 18;

    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection, PostgresTable table, IReadOnlyList<TableOutput> outputs)
    {
        var leaves = table.IsPartitioned ? LeafIdentity.Read(connection, table.Oid) : [];
        yield return Identity(table, leaves, outputs);
        if (connection.ServerVersion >= VirtualColumns && Virtual(connection, table, leaves) is { } refused)
        {
            yield return refused;
        }
    }

    // Once published, a table without an identity refuses UPDATE and DELETE of everybody: the pipeline would break the application.
    private static PreflightCheck Identity(PostgresTable table, IReadOnlyList<LeafIdentity> leaves, IReadOnlyList<TableOutput> outputs)
    {
        var without = table.IsPartitioned ? leaves.Where(leaf => !leaf.HasIdentity).Select(leaf => leaf.Sql).ToArray() : HasIdentity(table) ? [] : [Sql(table)];
        if (without.Length > 0)
        {
            return Failed(
                table,
                $"{(table.IsPartitioned ? $"Of table {table.Id}, {string.Join(", ", without)}" : $"Table {table.Id}")} has no replica identity{(table.Identity == 'n' ? " (NOTHING)" : " (no primary key)")}: once it is published, the server refuses UPDATE and DELETE on it.",
                Alter(without, table.PrimaryKey.Count > 0 ? "DEFAULT" : "FULL"));
        }

        var isKeyless = outputs.Any(output => output.Schema.KeyColumns.Count == 0);
        var names = outputs.SelectMany(output => output.Schema.KeyColumns.Select(key => table.Find(output.Schema.Columns[key])?.Name))
            .Concat(table.Key.Select(column => column.Name)).OfType<string>().Distinct().ToArray();
        var unnamed = leaves.Where(leaf => !leaf.Covers(names, isKeyless)).Select(leaf => leaf.Sql).ToArray();
        if (unnamed.Length > 0)
        {
            return Failed(
                table,
                $"The replica identity of {string.Join(", ", unnamed)} does not name rows by {(isKeyless ? "the whole row" : string.Join(", ", names))}, as {table.Id} is read: "
                + "ALTER TABLE on the root does not reach its partitions.",
                Alter(unnamed, isKeyless || table.Identity != 'd' ? "FULL" : "DEFAULT"));
        }

        var partly = table.Identity == 'f' ? leaves.Where(leaf => leaf.Identity != 'f').Select(leaf => leaf.Sql).ToArray() : [];
        return partly.Length > 0
            ? new(
                Name(table), PreflightStatus.Warning,
                $"Table {table.Id} has replica identity FULL, but {string.Join(", ", partly)} has another: changes there carry only the key of the old row.",
                PostgresSourceErrorCodes.ReplicaIdentity, Alter(partly, "FULL"))
            : new(Name(table), PreflightStatus.Passed, $"Table {table.Id} has replica identity {IdentityName(table.Identity)}.");
    }

    // The server takes no UPDATE or DELETE on a published table whose identity has a column that is not published, and it publishes no virtual ones.
    private static PreflightCheck? Virtual(PostgresConnection connection, PostgresTable table, IReadOnlyList<LeafIdentity> leaves)
    {
        string[] full = table.IsPartitioned ? [.. leaves.Where(leaf => leaf.Identity == 'f').Select(leaf => leaf.Sql)] : table.Identity == 'f' ? [Sql(table)] : [];
        var columns = connection.Query(
            $"SELECT attname FROM pg_attribute WHERE attrelid = {table.Oid} AND attgenerated = 'v' AND NOT attisdropped ORDER BY attnum").Rows.Select(row => row[0]!).ToArray();
        if (full.Length == 0 || columns.Length == 0)
        {
            return null;
        }

        var sentence = $"Table {table.Id} has replica identity FULL and virtual generated columns ({string.Join(", ", columns)}), which no publication has: "
            + "once it is published, the server refuses UPDATE and DELETE on it.";
        return new(
            $"generated {table.Id}", PreflightStatus.Failed, sentence, PostgresSourceErrorCodes.ReplicaIdentity,
            table.PrimaryKey.Count > 0
                ? Alter(full, "DEFAULT")
                : string.Join(' ', columns.Select(column => $"ALTER TABLE {SqlText.Table(table.Id)} DROP COLUMN {SqlText.Identifier(column)};")) + " -- or give the table a primary key");
    }

    private static bool HasIdentity(PostgresTable table) => table.Identity switch
    {
        'f' => true,
        'i' => table.IdentityIndex.Count > 0,
        'd' => table.PrimaryKey.Count > 0,
        _ => false,
    };

    private static string IdentityName(char identity) => identity switch
    {
        'f' => "FULL",
        'i' => "USING INDEX",
        'd' => "DEFAULT",
        _ => "NOTHING",
    };

    private static string Name(PostgresTable table) => $"replica_identity {table.Id}";

    private static string Sql(PostgresTable table) => SqlText.Table(table.Id);

    private static string Alter(IEnumerable<string> tables, string identity) =>
        string.Join(' ', tables.Select(each => $"ALTER TABLE {each} REPLICA IDENTITY {identity};"));

    private static PreflightCheck Failed(PostgresTable table, string sentence, string fix) =>
        new(Name(table), PreflightStatus.Failed, sentence, PostgresSourceErrorCodes.ReplicaIdentity, fix);
}
