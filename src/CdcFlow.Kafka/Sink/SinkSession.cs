using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink.Commit;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Sink;

/// <summary>What the sinks of a connection share while it is open: the transaction of the checkpoint under way, the topics, the marker.</summary>
/// <remarks>Used by one node, one call at a time. After a failure it is of no more use: the pipeline restarts with another.</remarks>
internal sealed class SinkSession : IAsyncDisposable
{
    private readonly Fencing fencing;
    private readonly MarkerTopic markerTopic;
    private readonly TransactionalProducers producers;
    private readonly IKafkaProducer? outside;
    private readonly Dictionary<string, SourceOffset> positions = new(StringComparer.Ordinal);
    private Marker marker;

    private SinkSession(
        IKafkaCluster cluster, KafkaConnectionOptions options, Fencing fencing, MarkerTopic markerTopic, Marker marker,
        TransactionalProducers producers, IKafkaProducer? outside)
    {
        this.fencing = fencing;
        this.markerTopic = markerTopic;
        this.marker = marker;
        this.producers = producers;
        this.outside = outside;
        Topics = new TopicCatalog(cluster, marker.Topics, options.AllowTopicChange, options.RecordBytesMax);
        DeadLetters = new DeadLetterCount(options.DeadLettersMax);
    }

    /// <summary>The topics that are written to.</summary>
    public TopicCatalog Topics { get; }

    /// <summary>How many dead letters the checkpoint under way has.</summary>
    public DeadLetterCount DeadLetters { get; }

    /// <summary>The checkpoint that was committed last: nobody else can commit while this session is not fenced.</summary>
    public CheckpointRef? Committed => marker.Checkpoint;

    /// <summary>Takes the sink over for an epoch: older instances are fenced *before* the marker is read, or one of them could still commit after it was.</summary>
    /// <exception cref="CdcFlowException">A newer epoch has the sink.</exception>
    public static async ValueTask<SinkSession> OpenAsync(
        IKafkaCluster cluster, KafkaConnectionOptions options, SinkOpenContext open, string holder, TimeProvider time, CancellationToken cancellationToken)
    {
        var markerTopic = new MarkerTopic(cluster, open.Pipeline, options.MarkerTopic, options.CreateMarkerTopic);
        var fencing = new Fencing(markerTopic, open, holder, options.TransactionalId);
        await markerTopic.EnsureAsync(cancellationToken);

        // An older instance that is just renewing its producers in the background may fence us once more for each of the two ids, and
        // then finds its own transaction fenced. A newer one is found in the marker topic, at the start of each try.
        for (var more = 2; ; more--)
        {
            try
            {
                return await OpenOnceAsync(cluster, options, open, markerTopic, fencing, time, cancellationToken);
            }
            catch (KafkaException fenced) when (fenced.Failure == KafkaFailure.Fenced && more > 0)
            {
            }
            catch (KafkaException refusal)
            {
                throw await fencing.ExplainAsync(refusal, cancellationToken);
            }
        }
    }

    private static async ValueTask<SinkSession> OpenOnceAsync(
        IKafkaCluster cluster, KafkaConnectionOptions options, SinkOpenContext open, MarkerTopic markerTopic, Fencing fencing, TimeProvider time,
        CancellationToken cancellationToken)
    {
        // An instance that wakes up late must not disturb its successor: brokers know nothing of our epochs, and would let it fence a newer one.
        fencing.RefuseIfNewer(await markerTopic.ReadNewestAsync(cancellationToken));
        var producers = await TransactionalProducers.OpenAsync(cluster, time, options, cancellationToken);
        IKafkaProducer? outside = null;
        try
        {
            var marker = await markerTopic.ReadCommittedAsync(cancellationToken) ?? Marker.None;
            fencing.RefuseIfNewer(marker);
            outside = open.Delivery == Delivery.AtLeastOnce
                ? await cluster.OpenProducerAsync(options.Producer(transactionalId: null), cancellationToken)
                : null;
            var session = new SinkSession(cluster, options, fencing, markerTopic, marker, producers, outside);
            await session.ClaimAsync(cancellationToken);
            return session;
        }
        catch
        {
            await producers.DisposeAsync();
            await (outside?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Gives the producer to write records with: that of the open transaction, which it begins if there is none.</summary>
    public async ValueTask<IKafkaProducer> BeginAsync(CancellationToken cancellationToken)
    {
        var producer = await producers.BeginAsync(cancellationToken);
        return outside ?? producer;
    }

    /// <summary>A change was written.</summary>
    public void NotePosition(ChangeMetadata last) => positions[last.Source] = last.Offset;

    /// <summary>Has every record acknowledged, and puts the checkpoint's marker into the transaction.</summary>
    public async ValueTask PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        await Topics.CheckAsync(cancellationToken);
        await (outside?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask);
        await WriteMarkerAsync(marker with { Checkpoint = checkpoint, Topics = Topics.Known, Positions = Positions() }, cancellationToken);
    }

    /// <summary>Commits what was prepared.</summary>
    public async ValueTask CommitAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await producers.CommitAsync(cancellationToken);
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.NotCommitted)
        {
            throw KafkaSinkErrors.Lost(checkpoint, error);
        }
        catch (Exception error) when (error is KafkaException { Failure: not KafkaFailure.Fenced })
        {
            throw KafkaSinkErrors.Unknown(checkpoint, error);
        }

        marker = marker with { Checkpoint = checkpoint };
        DeadLetters.Clear();
    }

    /// <summary>What a failure of the cluster means for the pipeline.</summary>
    public ValueTask<CdcFlowException> ExplainAsync(KafkaException error, CancellationToken cancellationToken) => fencing.ExplainAsync(error, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await producers.DisposeAsync();
        await (outside?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Says who has the sink from now on, beside the checkpoint that was committed last.</summary>
    private async ValueTask ClaimAsync(CancellationToken cancellationToken)
    {
        marker = marker with { Epoch = fencing.Epoch, Holder = fencing.Holder };
        await WriteMarkerAsync(marker, cancellationToken);
        await producers.CommitAsync(cancellationToken);
    }

    private SortedDictionary<string, string> Positions()
    {
        var all = new SortedDictionary<string, string>(marker.Positions.ToDictionary(), StringComparer.Ordinal);
        foreach (var (source, offset) in positions)
        {
            all[source] = offset.ToString();
        }

        return all;
    }

    private async ValueTask WriteMarkerAsync(Marker next, CancellationToken cancellationToken)
    {
        var producer = await producers.BeginAsync(cancellationToken);
        await markerTopic.WriteAsync(producer, next, cancellationToken);
        await producer.FlushAsync(cancellationToken);
    }
}
