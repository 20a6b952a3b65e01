using CdcFlow.Configuration;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether the publication covers the tables, or the role can make it so.</summary>
internal static class PublicationChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection, string name, IReadOnlyList<PostgresTable> tables)
    {
        var publication = PublicationState.Read(connection, name);
        if (publication is null)
        {
            yield return Absent(connection, name, tables);
            yield break;
        }

        var narrowed = tables.Where(table => publication.Narrowed.Contains(table.Id)).Select(table => table.Id).ToArray();
        yield return narrowed.Length > 0
            ? Failed(
                $"Publication '{name}' publishes only some rows or columns of {string.Join(", ", narrowed)}: changes of the others would be missed.",
                $"{PublicationState.Whole(name, publication.Listed)};")
            : Present(name, publication, tables);
    }

    private static PreflightCheck Absent(PostgresConnection connection, string name, IReadOnlyList<PostgresTable> tables)
    {
        var mayCreate = connection.Query("SELECT has_database_privilege(current_database(), 'CREATE')").Scalar == "t";
        return mayCreate && tables.All(table => table.IsOwner)
            ? new("publication", PreflightStatus.Passed, $"Publication '{name}' will be made.")
            : Failed(
                $"Publication '{name}' does not exist, and only the tables' owner (with CREATE on the database) may make it.",
                $"{PublicationState.Create(name, tables)};");
    }

    private static PreflightCheck Present(string name, PublicationState publication, IReadOnlyList<PostgresTable> tables)
    {
        var mend = publication.Mend(name, tables);
        if (mend is null)
        {
            return new("publication", PreflightStatus.Passed, $"Publication '{name}' covers the tables.");
        }

        if (publication.IsOwner && tables.All(table => table.IsOwner || publication.Listed.Contains(table.Id)))
        {
            return new("publication", PreflightStatus.Passed, $"Publication '{name}' will be changed to cover exactly the tables.");
        }

        return publication.Suffices(tables)
            ? new(
                "publication", PreflightStatus.Warning, $"Publication '{name}' also publishes tables that the pipeline does not read; they cost its time.",
                PostgresSourceErrorCodes.Publication, $"{mend};")
            : Failed($"Publication '{name}' does not cover what the pipeline reads, and the role may not change it.", $"{mend};");
    }

    private static PreflightCheck Failed(string sentence, string mend) =>
        new("publication", PreflightStatus.Failed, sentence, PostgresSourceErrorCodes.Publication, mend);
}
