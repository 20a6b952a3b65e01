using CdcFlow.Configuration;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>A table of the sink's own beside those that it writes rows to: made when it is missing. One of an earlier version gets the column that it lacks.</summary>
/// <param name="id">Its name.</param>
/// <param name="columns">Its columns, as SQL.</param>
/// <param name="needed">The rights on it that the sink needs.</param>
/// <param name="subject">What a check of it is called.</param>
internal sealed class OwnTable(TableId id, string columns, IReadOnlyList<string> needed, string subject)
{
    private readonly string table = SinkSql.Quoted(id);

    /// <summary>The text columns that the table of version 0.1 does not have.</summary>
    public IReadOnlyList<string> LaterColumns { get; init; } = [];

    private string CreateSql => $"CREATE TABLE IF NOT EXISTS {table} ({columns})";

    private string AddColumnsSql => $"ALTER TABLE {table} {string.Join(", ", LaterColumns.Select(column => $"ADD COLUMN IF NOT EXISTS {column} text"))}";

    /// <summary>Finds out whether it is there, or can be made, and can be used, changing nothing.</summary>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, id, cancellationToken) is { } found)
        {
            IReadOnlyList<PreflightCheck> problems = [.. await StrangersAsync(session, found, cancellationToken), .. Problems(found)];
            return problems.Count > 0 ? problems
                : IsWhole(found) || await IsOwnerAsync(session, cancellationToken) ? [new PreflightCheck(subject, PreflightStatus.Passed, "It exists.")]
                : [ColumnsMissing()];
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

    /// <summary>What the server has of it; null: it is not there.</summary>
    /// <exception cref="CdcFlowException">It is a stranger's: even to read it could run code of theirs.</exception>
    public async ValueTask<TargetTable?> FindAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, id, cancellationToken) is not { } found)
        {
            return null;
        }

        RefuseFirst(await StrangersAsync(session, found, cancellationToken));
        return found;
    }

    /// <summary>Makes it when it is missing, and whole when it is not.</summary>
    public async ValueTask EnsureAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if ((await FindAsync(session, cancellationToken) ?? await CreateAsync(session, cancellationToken)) is not { } found)
        {
            return;
        }

        RefuseFirst(Problems(found));
        if (!IsWhole(found))
        {
            await AddColumnsAsync(session, cancellationToken);
        }
    }

    /// <summary>Makes sure that rows of it may be taken away, which nothing but a reset does.</summary>
    /// <exception cref="CdcFlowException">They may not.</exception>
    public async ValueTask RequireDeleteAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if ((await FindAsync(session, cancellationToken))?.GrantSql(id, "DELETE").TrimEnd() is { Length: > 0 } grantSql)
        {
            throw new CdcFlowException(PostgresSinkErrors.PrivilegeMissing, $"The role may not delete rows of {table}.", grantSql);
        }
    }

    /// <returns>What is there then, which somebody else may have made meanwhile.</returns>
    private async ValueTask<TargetTable?> CreateAsync(SinkSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(CreateSql, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable)
        {
            // Another instance made it at the same moment; IF NOT EXISTS does not cover that.
        }

        return await FindAsync(session, cancellationToken);
    }

    private async ValueTask AddColumnsAsync(SinkSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(AddColumnsSql, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var missing = ColumnsMissing();
            throw new CdcFlowException(missing.Code!, missing.Sentence, missing.Fix, inner: error);
        }
    }

    private async ValueTask<IReadOnlyList<PreflightCheck>> StrangersAsync(SinkSession session, TargetTable found, CancellationToken cancellationToken) =>
        (await OwnTableTrust.ReadAsync(session, found.Oid, cancellationToken)).Problem(id, session.Role) is { } problem
            ? [Failed(PostgresSinkErrors.TableLosesRows, problem.Sentence, problem.Resolution)] : [];

    private static void RefuseFirst(IEnumerable<PreflightCheck> problems)
    {
        if (problems.FirstOrDefault() is { } problem)
        {
            throw new CdcFlowException(problem.Code!, problem.Sentence, problem.Fix);
        }
    }

    private IEnumerable<PreflightCheck> Problems(TargetTable found)
    {
        // Whoever grants owns the table of version 0.1, and the role does not: one visit does for both.
        var grantSql = found.GrantSql(id, [.. needed]).TrimEnd();
        return
        [
            .. found.Hazards.Problems(id, found.Role, []).Select(hazard => Failed(hazard.Code, hazard.Sentence, hazard.Resolution)),
            .. grantSql.Length == 0 ? Array.Empty<PreflightCheck>()
                : [Failed(PostgresSinkErrors.PrivilegeMissing, $"The role lacks rights on {table} or its schema.", IsWhole(found) ? grantSql : $"{grantSql} {AddColumnsSql};")],
        ];
    }

    private bool IsWhole(TargetTable found) => LaterColumns.All(later => found.Columns.Any(column => column.Name == later));

    private async ValueTask<bool> IsOwnerAsync(SinkSession session, CancellationToken cancellationToken) => (await session.QueryAsync(
        "SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2",
        reader => reader.GetBoolean(0), cancellationToken, id.Schema, id.Name)).FirstOrDefault();

    private PreflightCheck ColumnsMissing() => Failed(
        PostgresSinkErrors.PrivilegeMissing,
        $"{table} was made for version 0.1, which had no columns {string.Join(" and ", LaterColumns)}, and the role, which does not own it, cannot add any.", $"{AddColumnsSql};");

    private PreflightCheck Failed(string code, string sentence, string fix) => new(subject, PreflightStatus.Failed, sentence, code, fix);
}

/// <summary>Does work in a session of its own.</summary>
internal delegate ValueTask InSession(Func<SinkSession, ValueTask<int>> work, CancellationToken cancellationToken);
