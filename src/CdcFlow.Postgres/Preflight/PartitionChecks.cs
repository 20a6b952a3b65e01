using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether changes of a partition come as its own: the log has each change once, as the table's or as its root's.</summary>
internal static class PartitionChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection, PostgresSourceOptions options, IReadOnlyList<PostgresTable> tables)
    {
        var published = PublicationState.Read(connection, options, tables);
        foreach (var table in tables)
        {
            var roots = Names(connection, $"FROM pg_partition_ancestors({table.Oid}) p JOIN pg_class c ON c.oid = p.relid WHERE c.oid <> {table.Oid}");
            if (roots.FirstOrDefault(root => tables.Any(other => other.Id == root)) is { Name: not null } read)
            {
                yield return Failed(
                    table, $"{table.Id} is a partition of {read}, and both are read: the log has its changes as those of {read} alone.",
                    $"Read {read} only, and tell its parts apart with [Filter] or [Route]; or read each partition with a node of its own and not {read}.");
            }
            else if (published is { IsViaRoot: true } && roots.FirstOrDefault(root => Stays(published, root)) is { Name: not null } covered)
            {
                yield return Failed(
                    table, $"{table.Id} is a partition of {covered}, and publication '{options.Publication}' publishes its changes as those of {covered}.",
                    $"ALTER PUBLICATION {SqlText.Identifier(options.Publication)} SET (publish_via_partition_root = false); -- or set Publication to one of the pipeline's own");
            }

            if (!table.IsPartitioned)
            {
                yield return Children(connection, table);
            }
        }
    }

    // What it lists beside the tables is taken out of it where the role may.
    private static bool Stays(PublicationState publication, TableId root) =>
        publication.Covered.Contains(root) && !(publication.IsOwner && publication.IsOurs && publication.Listed.Contains(root));

    private static PreflightCheck Children(PostgresConnection connection, PostgresTable table)
    {
        var children = Names(connection, $"FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = {table.Oid} AND NOT c.relispartition").ToArray();
        return children.Length == 0
            ? new(Name(table), PreflightStatus.Passed, $"No table inherits from {table.Id}.")
            : new(
                Name(table), PreflightStatus.Warning, $"{string.Join(", ", children)} inherit{(children.Length == 1 ? "s" : "")} from {table.Id}: a table of its own in the log, whose rows are not read with it.",
                PostgresSourceErrorCodes.PartitionOfRead, $"Read {(children.Length == 1 ? "it" : "each")} with a node of its own, if its rows are wanted.");
    }

    private static IEnumerable<TableId> Names(PostgresConnection connection, string from) =>
        connection.Query($"SELECT n.nspname, c.relname {from.Replace(" WHERE ", " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ", StringComparison.Ordinal)} ORDER BY 1, 2")
            .Rows.Select(row => new TableId(row[0]!, row[1]!));

    private static string Name(PostgresTable table) => $"partitions {table.Id}";

    private static PreflightCheck Failed(PostgresTable table, string sentence, string fix) =>
        new(Name(table), PreflightStatus.Failed, sentence, PostgresSourceErrorCodes.PartitionOfRead, fix);
}
