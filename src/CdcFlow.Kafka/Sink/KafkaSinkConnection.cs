using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Preflight;
using CdcFlow.Kafka.SchemaRegistry;
using CdcFlow.Kafka.Sink.Commit;
using CdcFlow.Kafka.Sink.Oversize;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Sink;

/// <summary>All sinks of one cluster: their records and the marker are one transaction per checkpoint.</summary>
/// <param name="context">What it was made with.</param>
/// <param name="options">Its settings.</param>
/// <param name="cluster">The cluster; disposed with the connection.</param>
/// <param name="holder">Where this process runs, for the people who ask which instance has the sink.</param>
internal sealed class KafkaSinkConnection(ConnectorContext context, KafkaConnectionOptions options, IKafkaCluster cluster, string holder)
    : ISinkConnection, ISinkRejects, IOrphanedTransactions
{
    private readonly List<IKafkaSinkWriter> writers = [];
    private readonly ConnectionSettings shared = new(
        context.Connection, context.Settings, options.Named, KafkaConnectionOptions.Resolve(new KafkaSinkAttribute(context.Connection), context, ConnectorSettings.None).Named);

    private SinkSession? session;
    private CheckpointRef? prepared;
    private bool isDisposed;

    public SinkKind Kind => SinkKind.Transactional;

    public ISinkRejects Rejects => this;

    /// <summary>The schema registries that sinks name.</summary>
    public SchemaRegistries Registries { get; init; } = new(context.OtherConnectionString, RegistryHttp.Create);

    /// <summary>The private keys that the cluster is logged in to with.</summary>
    public IReadOnlyList<string> KeyFiles { get; init; } = [];

    private SinkSession Session => session ?? throw new InvalidOperationException("The sink connection is not open.");

    // A truncate is at most told; records stay.
    public IEnumerable<string> KeepingSinks => writers.Select(writer => writer.Options.Name);

    public SinkContent? ContentOf(string sink) => new(WriterOf(sink).Options.Content);

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var sink = (KafkaSinkAttribute)attribute;
        shared.Require(name, settings, KafkaConnectionOptions.Resolve(sink, context, settings).Named);
        var resolved = KafkaSinkOptions.Resolve(sink, name, context, settings);
        var columns = resolved.TruncateColumns is { } properties ? CuttableColumns.Of(name, properties, TCodec.Schema, resolved.Records.Naming) : null;
        var schemas = Registries.Add(resolved, TCodec.Schema);
        var encoder = Framed(RecordEncoders.Create<T, TCodec>(resolved.Records), schemas);
        var cutter = columns is null ? null : new RowCutter<T>(
            columns, encoder, Framed(RecordEncoders.Create<T, CuttingCodec<T, TCodec>>(resolved.Records), schemas), CuttingCodec<T, TCodec>.Use);
        var writer = new KafkaSinkWriter<T>(resolved, encoder, schemas, new OversizeRecords<T>(resolved, cutter, context.Log));
        writers.Add(writer);
        return writer;
    }

    public async ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken)
    {
        var report = await new KafkaPreflight(cluster, context.Pipeline, context.Connection, options, [.. writers.Select(writer => writer.Options)]).RunAsync(cancellationToken);
        var claims = writers.Select(writer => writer.Options.ClaimCheck).OfType<ClaimStore>().DistinctBy(store => store.Folder).Select(LocalFiles.Claims);
        return report with
        {
            Checks = [.. report.Checks, .. await Registries.CheckAsync(cancellationToken), .. LocalFiles.Keys([.. KeyFiles, .. Registries.KeyFiles]), .. claims],
        };
    }

    public async ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) =>
        (await new MarkerTopic(cluster, context.Pipeline, options.MarkerTopic, create: false).FindAsync(own: null, cancellationToken))?.Told;

    public async ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) =>
        [await new MarkerRemoval(
            new MarkerTopic(cluster, context.Pipeline, options.MarkerTopic, create: false),
            token => TransactionalProducers.OpenAsync(cluster, context.Time, options, token)).FindAsync(scope, cancellationToken)];

    public async ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext open, CancellationToken cancellationToken)
    {
        await Registries.BindAsync(cancellationToken);
        session = await new SinkOpening(cluster, options, open, holder, context.Time).RunAsync(cancellationToken);
        foreach (var writer in writers)
        {
            await writer.OpenAsync(session, cancellationToken);
        }

        return session.Committed;
    }

    public async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await Session.PrepareAsync(checkpoint, cancellationToken);
        }
        catch (KafkaException error)
        {
            throw await Session.ExplainAsync(error, cancellationToken);
        }

        prepared = checkpoint;
        return Committable.None;
    }

    public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        if (prepared != permit.Checkpoint)
        {
            RequireCommitted(permit.Checkpoint);
            return;
        }

        prepared = null;
        try
        {
            await Session.CommitAsync(permit.Checkpoint, cancellationToken);
        }
        catch (KafkaException error)
        {
            throw await Session.ExplainAsync(error, cancellationToken);
        }
    }

    public void Require(string sink)
    {
        if (WriterOf(sink).Options.DeadLetterTopic is null)
        {
            throw KafkaSinkErrors.NoDeadLetterTopic(context.Pipeline, sink);
        }
    }

    public ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken) => WriterOf(sink).RejectAsync(rejected, cancellationToken);

    public ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken)
    {
        var topics = writers.Select(writer => writer.Options.DeadLetterTopic).OfType<Topics.TopicTemplate>().Select(topic => $"topic '{topic}'").Distinct().ToList();
        return ValueTask.FromResult(new RejectList([], topics.Count == 0 ? null : string.Join(", ", topics)));
    }

    public async ValueTask<IReadOnlyList<string>> AbortAsync(CancellationToken cancellationToken)
    {
        var ids = TransactionalProducers.Ids(options.TransactionalId);
        foreach (var id in ids)
        {
            // To open is to fence: the broker answers once what the id had open is aborted.
            await (await cluster.OpenProducerAsync(options.Producer(id), cancellationToken)).DisposeAsync();
        }

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        writers.ForEach(writer => writer.Dispose());
        Registries.Dispose();
        if (session is not null)
        {
            await session.DisposeAsync();
        }

        await cluster.DisposeAsync();
    }

    private IKafkaSinkWriter WriterOf(string sink) => writers.First(writer => writer.Options.Name == sink);

    private static IRecordEncoder<T> Framed<T>(IRecordEncoder<T> encoder, TopicSchemas? schemas)
        where T : class => schemas is null ? encoder : new FramedEncoder<T>(encoder, schemas);

    private void RequireCommitted(CheckpointRef checkpoint)
    {
        if (Session.Committed != checkpoint)
        {
            throw KafkaSinkErrors.Differs(checkpoint, Session.Committed);
        }
    }
}
