using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Finds, checks and, where asked to, makes the table of one sink.</summary>
/// <param name="options">The sink's options.</param>
/// <param name="schema">Its row type.</param>
/// <param name="emptied">The tables that the pipeline removes rows from.</param>
internal sealed class SinkTable(PostgresSinkOptions options, RowSchema schema, IReadOnlyCollection<TableId> emptied)
{
    /// <summary>Which table it is, as it was found last: see <see cref="SinkContent.Place"/>.</summary>
    public string? Place { get; private set; }

    /// <summary>Finds out whether the table fits, changing nothing.</summary>
    /// <param name="session">The server.</param>
    /// <param name="last">The checkpoint that was committed last, if there is one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken)
    {
        var found = await TargetCatalog.ReadAsync(session, options.Table, cancellationToken);
        Place = last is null ? null : PlaceOf(found?.Oid); // without a marker it is not the table that there is something to say about
        if (found is { } table)
        {
            IReadOnlyList<PreflightCheck> problems = [.. new TargetBinding(options, schema, table, emptied).Problems()];
            return problems.Any(problem => problem.Status == PreflightStatus.Failed) ? problems : [.. problems, Passed("exists and fits.")];
        }

        var (exists, mayCreate) = await TargetCatalog.SchemaAsync(session, options.Table.Schema, cancellationToken);
        if (!options.CreateTable)
        {
            return [Missing(session.Role, exists)];
        }

        var name = SinkSql.Quoted(options.Table.Schema);
        var grantSql = $"GRANT USAGE, CREATE ON SCHEMA {name} TO {session.Role};";
        return [exists && mayCreate ? last is { } late ? Late("is missing and will be created", late) : Passed("will be created.") : new PreflightCheck(
            CheckName, PreflightStatus.Failed,
            exists ? $"The role may not create {SinkSql.Quoted(options.Table)}: it lacks CREATE or USAGE on schema {name}." : $"There is no schema {name}.",
            exists ? PostgresSinkErrors.PrivilegeMissing : PostgresSinkErrors.TableMissing,
            exists ? $"{grantSql} or {CreateSql(session.Role)}" : $"CREATE SCHEMA {name}; {grantSql}")];
    }

    /// <summary>Lays the row type over the table, which is made if it is missing and may be.</summary>
    /// <param name="session">The server.</param>
    /// <param name="last">The checkpoint that was committed last, if there is one.</param>
    /// <param name="log">Where it is said that rows are missing from the table.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CdcFlowException">It does not fit.</exception>
    public async ValueTask<TargetBinding> OpenAsync(SinkSession session, CheckpointRef? last, IConnectorLog log, CancellationToken cancellationToken)
    {
        var binding = await FindOrCreateAsync(session, last, log, cancellationToken);
        Place = PlaceOf(binding.Oid);
        return binding;
    }

    private async ValueTask<TargetBinding> FindOrCreateAsync(SinkSession session, CheckpointRef? last, IConnectorLog log, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, options.Table, cancellationToken) is { } table)
        {
            return Fitting(new TargetBinding(options, schema, table, emptied));
        }

        var binding = options.CreateTable ? await CreateAsync(session, cancellationToken)
            : throw Refused(Missing(session.Role, (await TargetCatalog.SchemaAsync(session, options.Table.Schema, cancellationToken)).Exists));
        if (last is { } late)
        {
            var missing = Late("was missing and has been created", late);
            log.Warning(missing.Code!, $"Sink '{options.Name}': {missing.Sentence} {missing.Fix}");
        }

        return binding;
    }

    /// <summary>Makes the table whole and fitting, or not at all.</summary>
    private async ValueTask<TargetBinding> CreateAsync(SinkSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.BeginAsync(cancellationToken);
            await session.ExecuteAsync(TableDefinition.CreateSql(options, schema), cancellationToken);
            var binding = await BindAsync(session, cancellationToken);

            // A [Column(TypeName = "…")] may ask for a key that takes two keys for one: its values are kept by the bytes instead.
            foreach (var equality in binding.Problems().Where(problem => problem.Code == PostgresSinkErrors.KeyEquates).ToList())
            {
                await session.ExecuteAsync(equality.Fix!, cancellationToken);
                binding = await BindAsync(session, cancellationToken);
            }

            Fitting(binding);
            await session.CommitAsync(cancellationToken);
            return binding;
        }
        catch (PostgresException error)
        {
            await session.RollbackAsync(cancellationToken);
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' creating its table", role: session.Role);
        }
        catch (CdcFlowException)
        {
            await session.RollbackAsync(cancellationToken);
            throw;
        }
    }

    /// <summary>Lays the row type over the table as it is now, whether it fits or not.</summary>
    public async ValueTask<TargetBinding> BindAsync(SinkSession session, CancellationToken cancellationToken) =>
        new(options, schema, await TargetCatalog.ReadAsync(session, options.Table, cancellationToken) ?? throw Refused(Missing(session.Role, hasSchema: true)), emptied);

    private TargetBinding Fitting(TargetBinding binding) => binding.Problems().FirstOrDefault(problem => problem.Status == PreflightStatus.Failed) is { } problem ? throw Refused(problem) : binding;

    private CdcFlowException Refused(PreflightCheck problem) => new(problem.Code!, $"Sink '{options.Name}': {problem.Sentence}", problem.Fix);

    private static string PlaceOf(long? oid) => oid?.ToString(CultureInfo.InvariantCulture) ?? SinkContent.NoPlace;

    private string CheckName => $"table of {options.Name}";

    private PreflightCheck Passed(string how) => new(CheckName, PreflightStatus.Passed, $"{SinkSql.Quoted(options.Table)} {how}");

    private PreflightCheck Late(string how, CheckpointRef last) => new(
        CheckName, PreflightStatus.Warning, $"{SinkSql.Quoted(options.Table)} {how}, and the pipeline goes on from checkpoint {last}: earlier rows are not in it.",
        PostgresSinkErrors.TableMadeLate, "To fill it: run --resnapshot with the source's table that feeds the sink.");

    private PreflightCheck Missing(string role, bool hasSchema)
    {
        var name = SinkSql.Quoted(options.Table.Schema);
        var schemaSql = hasSchema ? "" : $"CREATE SCHEMA {name}; GRANT USAGE ON SCHEMA {name} TO {role}; ";
        return new(
            CheckName, PreflightStatus.Failed, $"{SinkSql.Quoted(options.Table)} does not exist.", PostgresSinkErrors.TableMissing,
            $"{schemaSql}{CreateSql(role)}{(hasSchema ? " or set CreateTable = true." : "")}");
    }

    // Whoever runs it owns the table.
    private string CreateSql(string role) =>
        $"{TableDefinition.CreateSql(options, schema)}; GRANT {string.Join(", ", TableDefinition.Rights)} ON {SinkSql.Quoted(options.Table)} TO {role};";
}
