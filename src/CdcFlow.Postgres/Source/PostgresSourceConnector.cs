using System.Text.Json;
using CdcFlow.Capture.Loop;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Preflight;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>One PostgreSQL connection's source: its outputs, and how it is checked and opened.</summary>
internal sealed class PostgresSourceConnector : ISourceConnector
{
    private readonly PostgresSourceAttribute attribute;
    private readonly ConnectorContext context;
    private readonly PostgresSourceOptions options;
    private readonly PostgresConnectionSettings settings;
    private readonly List<TableOutput> outputs = [];

    internal PostgresSourceConnector(PostgresSourceAttribute attribute, ConnectorContext context)
    {
        this.attribute = attribute;
        this.context = context;
        options = PostgresSourceOptions.Read(attribute, context);
        settings = Settings(context);
    }

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        if (attribute is not PostgresSourceAttribute source)
        {
            throw new ArgumentException($"Node '{nodeId}' is no PostgreSQL source.", nameof(attribute));
        }

        RefuseContradiction(source, nodeId);
        outputs.Add(new TableOutput<T, TCodec>(outputs.Count, TableOf(source, TCodec.Schema), nodeId) { Locked = source.LockedTable });
    }

    public IReadOnlyList<TableId> Tables => [.. outputs.Select(output => output.Table).Distinct()];

    public TableId? TableOf(string nodeId) => outputs.Find(output => output.NodeId == nodeId)?.Table;

    public async ValueTask<IReadOnlyDictionary<TableId, TableId>> RenamedAsync(JsonElement state, CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync("names", () =>
        {
            using var connection = Connect(cancellationToken);
            return RenamedTables.Between(PostgresSourceState.Read(state), [.. Tables.Select(table => TableCatalog.Find(connection, table)).OfType<PostgresTable>()]);
        });
    }

    public async ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken)
    {
        var checkpoint = state is { } json ? PostgresSourceState.Read(json) : null;
        return await SourceThread.RunAsync("preflight", () =>
        {
            using var connection = Connect(cancellationToken);
            var waits = new WaitWatch(Connect, context.Log, context.Time, cancellationToken);
            return waits.Watch(connection, "Looking at the tables", () => new PostgresPreflight(connection, options, outputs, context.Connection, checkpoint).Run());
        });
    }

    public async ValueTask<SourceStanding> StandingAsync(JsonElement? state, CancellationToken cancellationToken)
    {
        var checkpoint = state is { } json ? PostgresSourceState.Read(json) : null;
        var known = new SourceStanding
        {
            Position = checkpoint?.ResumeAt.ToString(),
            Tables = [.. (checkpoint?.Tables ?? []).Select(table => new TableProgress(table.Table, table.Rows, null, table.IsComplete))],
            Details = checkpoint is { Skipped: { Count: > 0 } skipped } ? [KeyValuePair.Create("skipped", string.Join("; ", skipped.Select(skip => $"{skip.From} to {skip.To}")))] : [],
        };
        try
        {
            return await SourceThread.RunAsync("standing", () =>
            {
                using var connection = Connect(cancellationToken);
                return SlotStanding.Read(connection, options.Slot, known, checkpoint?.ResumeAt);
            });
        }
        catch (CdcFlowException failure)
        {
            return known with { Failure = failure };
        }
    }

    public async ValueTask<SourceSkip> SkipAsync(JsonElement state, string place, CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync(
            "skip", () => new SkipLook(settings, options, context.Connection, Tables).Take(PostgresSourceState.Read(state), place, cancellationToken));
    }

    public async ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync("traces", () =>
        {
            using var connection = Connect(cancellationToken);
            var waits = new WaitWatch(Connect, context.Log, context.Time, cancellationToken);
            return new SourceTraces(Connect, options, scope.Store).Find(connection, new SlotControl(connection, options, context.Log, context.Time, waits, cancellationToken));
        });
    }

    public async ValueTask<StoreId?> OwnerAsync(CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync("owner", () =>
        {
            using var connection = Connect(cancellationToken);
            return PublicationMark.Read(connection, options.Publication, options.Slot)?.Store;
        });
    }

    public async ValueTask<bool> TakeOverAsync(StoreId store, CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync("owner", () =>
        {
            using var connection = Connect(cancellationToken);
            return SlotOwner.Take(connection, options, store);
        });
    }

    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckOpenAsync(SourceOpenContext openContext, CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync("check", () =>
        {
            var said = new SaidBefore();
            var opening = new SourceOpening(settings, options, context with { Log = said }, openContext, outputs);
            using var connection = opening.Connect(cancellationToken);
            opening.Check(connection, cancellationToken);
            return said.Checks;
        });
    }

    public async ValueTask<ISourceReader> OpenAsync(SourceOpenContext openContext, CancellationToken cancellationToken)
    {
        return await SourceThread.RunAsync(
            "open", () => SourceRun.Open(new SourceOpening(settings, options, context, openContext, outputs), cancellationToken));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private PostgresConnection Connect(CancellationToken stopping) => PostgresConnection.Open(settings, SessionKind.Sql, stopping);

    private static PostgresConnectionSettings Settings(ConnectorContext context) => context.ConnectionString is { Length: > 0 } text
        ? PostgresConnectionSettings.Parse(text)
        : throw new CdcFlowException(
            ErrorCodes.ConfigurationMissing,
            $"Connection '{context.Connection}' has no connection string.",
            $"Set ConnectionStrings:{context.Connection}, as in Host=…;Username=…;Password=…;Database=….");

    private static TableId TableOf(PostgresSourceAttribute source, RowSchema schema)
    {
        var (schemaName, name) = TableName.Of(source.Table, schema.TableName, schema.SchemaName);
        return new TableId(schemaName, name);
    }

    // One slot and one reader serve all nodes of a connection, so they cannot want different ones.
    private void RefuseContradiction(PostgresSourceAttribute other, string nodeId)
    {
        var values = Values(attribute).Zip(Values(other)).FirstOrDefault(pair => !Equals(pair.First.Value, pair.Second.Value));
        if (values.First.Name is { } name)
        {
            throw new CdcFlowException(
                PostgresSourceErrorCodes.Contradiction,
                $"Nodes of connection '{context.Connection}' disagree about {name}: {values.First.Value ?? "none"}, and {values.Second.Value ?? "none"} on '{nodeId}'.",
                "They share one slot and one reader: write the same value on each.");
        }
    }

    private static IEnumerable<(string Name, object? Value)> Values(PostgresSourceAttribute source) =>
    [
        ("Startup", source.Startup), ("Slot", source.Slot), ("Publication", source.Publication), ("ChunkRows", source.ChunkRows),
        ("ChunkBytes", source.ChunkBytes), ("SnapshotReaders", source.SnapshotReaders), ("SlotWaitSeconds", source.SlotWaitSeconds),
        ("HeartbeatSeconds", source.HeartbeatSeconds), ("FailoverSlot", source.FailoverSlot), ("RowBytesMax", source.RowBytesMax),
    ];
}
