using CdcFlow.Configuration;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>A table of the sink's own beside those that it writes rows to: made when it is missing, never altered.</summary>
/// <param name="id">Its name.</param>
/// <param name="columns">Its columns, as SQL.</param>
/// <param name="needed">The rights on it that the sink needs.</param>
/// <param name="subject">What a check of it is called.</param>
internal sealed class OwnTable(TableId id, string columns, IReadOnlyList<string> needed, string subject)
{
    private readonly string table = SinkSql.Quoted(id);

    /// <summary>The statement that makes it.</summary>
    public string CreateSql => $"CREATE TABLE IF NOT EXISTS {table} ({columns})";

    /// <summary>Finds out whether it is there, or can be made, and can be used, changing nothing.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, id, cancellationToken) is { } found)
        {
            IReadOnlyList<PreflightCheck> problems = [.. Problems(found)];
            return problems.Count > 0 ? problems : [new PreflightCheck(subject, PreflightStatus.Passed, "It exists.")];
        }

        var (exists, mayCreate) = await TargetCatalog.SchemaAsync(session, id.Schema, cancellationToken);
        var name = SinkSql.Quoted(id.Schema);
        return [exists && mayCreate
            ? new PreflightCheck(subject, PreflightStatus.Passed, "It will be created.")
            : Failed(
                exists ? PostgresSinkErrors.PrivilegeMissing : PostgresSinkErrors.TableMissing,
                $"{table} does not exist, and the role cannot create it in schema {name}.",
                $"CREATE SCHEMA IF NOT EXISTS {name}; {CreateSql}; GRANT USAGE ON SCHEMA {name} TO {session.Role}; GRANT {string.Join(", ", needed)} ON {table} TO {session.Role}; or set MarkerSchema.")];
    }

    /// <summary>Makes it when it is missing.</summary>
    public async ValueTask EnsureAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, id, cancellationToken) is { } found)
        {
            if (Problems(found).FirstOrDefault() is { } problem)
            {
                throw new CdcFlowException(problem.Code!, problem.Sentence, problem.Fix);
            }

            return;
        }

        try
        {
            await session.ExecuteAsync(CreateSql, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable)
        {
            // Another instance made it at the same moment; IF NOT EXISTS does not cover that.
        }
    }

    private IEnumerable<PreflightCheck> Problems(TargetTable found)
    {
        var grantSql = found.GrantSql(id, [.. needed]);
        return
        [
            .. found.Hazards.Problems(id, found.Role, []).Select(hazard => Failed(hazard.Code, hazard.Sentence, hazard.Resolution)),
            .. grantSql.Length == 0 ? Array.Empty<PreflightCheck>()
                : [Failed(PostgresSinkErrors.PrivilegeMissing, $"The role lacks rights on {table} or its schema.", grantSql.TrimEnd())],
        ];
    }

    private PreflightCheck Failed(string code, string sentence, string fix) => new(subject, PreflightStatus.Failed, sentence, code, fix);
}
