using System.Globalization;
using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Connects to an <see cref="InMemoryDatabase"/>.</summary>
/// <param name="connection">The connection's name.</param>
/// <param name="reader">Who reads: what is confirmed, and who takes over from whom, is a reader's own. The pipeline's name.</param>
/// <param name="database">What it reads.</param>
/// <param name="options">How it reads.</param>
/// <param name="process">The simulated process that it dies with; null in a real one.</param>
internal sealed class InMemorySourceConnector(
    string connection, string reader, InMemoryDatabase database, InMemorySourceOptions options, SimulatedProcess? process) : ISourceConnector
{
    private readonly List<InMemoryTable> tables = [];

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T> => tables.Add(new InMemoryTable<T, TCodec>(database));

    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PreflightReport($"source {connection}", []));

    public ValueTask<SourceStanding> StandingAsync(JsonElement? state, CancellationToken cancellationToken)
    {
        var position = state is { } json ? InMemorySourceState.Parse(json).LastWhole : (ulong?)null;
        return ValueTask.FromResult(new SourceStanding
        {
            Position = position?.ToString(CultureInfo.InvariantCulture),
            Head = database.Head.ToString(CultureInfo.InvariantCulture),
            Confirmed = database.ForgottenBy(reader).ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>A place is the number of a transaction, which is the last one to be left out.</summary>
    public ValueTask<SourceSkip> SkipAsync(JsonElement state, string place, CancellationToken cancellationToken)
    {
        var known = InMemorySourceState.Parse(state);
        if (!ulong.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var to) || to <= known.LastWhole || to > database.Head)
        {
            throw new CdcFlowException(
                ErrorCodes.SkipUnknown, $"'{place}' is no transaction that source '{connection}' has yet to read.", $"Name one after {known.LastWhole}, up to {database.Head}.");
        }

        var from = known.LastWhole.ToString(CultureInfo.InvariantCulture);
        return ValueTask.FromResult(new SourceSkip(
            known with { Last = new SourceOffset(to, 0, 0), IsWhole = true }, from, place,
            $"Every transaction after {from}, up to {place}, is left out, of every table. Its rows are missing or out of date downstream until they are written again."));
    }

    /// <summary>A database keeps nothing of its readers that a start would go by.</summary>
    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<PipelineTrace>?>([]);

    public ValueTask<IReadOnlyList<PreflightCheck>> CheckOpenAsync(SourceOpenContext context, CancellationToken cancellationToken)
    {
        _ = Place(context);
        return ValueTask.FromResult<IReadOnlyList<PreflightCheck>>([]);
    }

    public async ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken)
    {
        if (process is not null)
        {
            await process.StepAsync($"source {connection}: open");
        }

        var state = Place(context);
        foreach (var table in tables)
        {
            table.Restore(state);
        }

        return new InMemorySourceReader(connection, reader, database, tables, options, state, context, process);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <exception cref="CdcFlowException">It cannot go on from there.</exception>
    private InMemorySourceState Place(SourceOpenContext context)
    {
        if (context.SkipTo is not null)
        {
            throw new CdcFlowException(ErrorCodes.SkipUnknown, "An in-memory source has no changes that cannot be read.", "Start without --skip-to.");
        }

        var state = context.State is { } json ? InMemorySourceState.Parse(json) : Start();
        return state.LastWhole >= database.ForgottenBy(reader) ? state : throw new CdcFlowException(
            InMemoryErrorCodes.LogLost,
            $"Source '{connection}' must go on after transaction {state.LastWhole}, but its log is gone up to {database.ForgottenBy(reader)}.",
            "`run --restore-from none` reads the tables again; rows may then appear twice.")
        { IsPositionLost = true };
    }

    private InMemorySourceState Start()
    {
        var start = options.Startup == Startup.Latest ? database.Head : database.ForgottenBy(reader);
        var reads = options.Startup is Startup.Initial or Startup.SnapshotOnly ? 0 : InMemorySourceState.Complete;
        return new InMemorySourceState(
            start, new SourceOffset(start, 0, 0), IsWhole: true, tables.Select(table => table.Name).Distinct().ToDictionary(name => name, _ => reads));
    }
}
