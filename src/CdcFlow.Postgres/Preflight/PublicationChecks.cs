using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Whether the publication covers the tables, or the role can make it so.</summary>
internal static class PublicationChecks
{
    internal static IEnumerable<PreflightCheck> Run(
        PostgresConnection connection, PostgresSourceOptions options, IReadOnlyList<PostgresTable> tables, IReadOnlyList<TableOutput> outputs)
    {
        var name = options.Publication;
        var publication = PublicationState.Read(connection, options, tables);
        if (publication is null)
        {
            yield return Absent(connection, name, tables);
            yield break;
        }

        var narrowed = tables.Select(table => (table.Id, Why: WhyTooNarrow(publication, table, outputs))).Where(table => table.Why is not null).ToArray();
        yield return narrowed.Length > 0
            ? Failed(
                $"Publication '{name}' publishes too little of {string.Join("; ", narrowed.Select(table => $"{table.Id}: {table.Why}"))}.",
                $"{PublicationState.Whole(name, [.. narrowed.Select(table => table.Id)])};")
            : Present(name, publication, tables);
    }

    private static string? WhyTooNarrow(PublicationState publication, PostgresTable table, IReadOnlyList<TableOutput> outputs)
    {
        if (publication.Filtered.Contains(table.Id))
        {
            return "only some rows, so that changes of the others would be missed";
        }

        if (publication.WithoutIdentity.Contains(table.Id))
        {
            return "not the columns of its replica identity, so that the server refuses UPDATE and DELETE on it";
        }

        if (!publication.Columns.TryGetValue(table.Id, out var published))
        {
            return null;
        }

        // A generated column has a check of its own: the log may lack it whatever the publication lists.
        var inUse = outputs.Where(output => output.Table == table.Id).SelectMany(output => output.Schema.Columns).Select(table.Find).OfType<PostgresColumn>();
        var lacking = inUse.Where(column => !column.IsGenerated).Concat(table.Key).Select(column => column.Name).Where(column => !published.Contains(column))
            .Distinct().ToArray();
        return lacking.Length > 0 ? $"not {string.Join(", ", lacking)}, which the pipeline reads" : null;
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
        var fix = publication.Fix(name, tables);
        if (fix is null)
        {
            return new("publication", PreflightStatus.Passed, $"Publication '{name}' covers the tables.");
        }

        var lacking = string.Join(", ", publication.Lacking(tables));
        if (!publication.IsOurs)
        {
            return Failed($"Publication '{name}' does not publish all that the pipeline reads: it lacks {lacking}. The pipeline did not make it, and leaves it as it is.", $"{fix};");
        }

        if (publication.IsOwner && tables.All(table => table.IsOwner || publication.Listed.Contains(table.Id)))
        {
            return new("publication", PreflightStatus.Passed, $"Publication '{name}' will be changed to cover exactly the tables.");
        }

        return publication.Suffices(tables)
            ? new(
                "publication", PreflightStatus.Warning, $"Publication '{name}' also publishes tables that the pipeline does not read; they cost its time.",
                PostgresSourceErrorCodes.Publication, $"{fix};")
            : Failed($"Publication '{name}' does not publish all that the pipeline reads, and the role may not change it: it lacks {lacking}.", $"{fix};");
    }

    private static PreflightCheck Failed(string sentence, string fix) =>
        new("publication", PreflightStatus.Failed, sentence, PostgresSourceErrorCodes.Publication, fix);
}
