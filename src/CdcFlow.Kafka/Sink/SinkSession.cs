using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink.Commit;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Rejects;

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

    /// <param name="opening">What it was opened with.</param>
    /// <param name="marker">The marker that was committed last.</param>
    /// <param name="producers">Its transactions.</param>
    /// <param name="outside">Writes the records where they are no part of the transactions.</param>
    public SinkSession(SinkOpening opening, Marker marker, TransactionalProducers producers, IKafkaProducer? outside)
    {
        (fencing, markerTopic) = (opening.Fencing, opening.MarkerTopic);
        this.marker = marker;
        this.producers = producers;
        this.outside = outside;
        Topics = new TopicCatalog(opening.Cluster, marker.Topics, opening.Options.AllowTopicChange, opening.Options.RecordBytesMax);
        DeadLetters = new DeadLetterCount(opening.Options.DeadLettersMax);
    }

    /// <summary>The topics that are written to.</summary>
    public TopicCatalog Topics { get; }

    /// <summary>How many dead letters the checkpoint under way has.</summary>
    public DeadLetterCount DeadLetters { get; }

    /// <summary>Counts the dead letters of its sinks for metrics and the log.</summary>
    public IRejectCount RejectCount { get; init; } = IRejectCount.None;

    /// <summary>The checkpoint that was committed last: nobody else can commit while this session is not fenced.</summary>
    public CheckpointRef? Committed => marker.Checkpoint;

    /// <summary>Says who has the sink from now on, beside the checkpoint that was committed last.</summary>
    public async ValueTask ClaimAsync(CancellationToken cancellationToken)
    {
        marker = marker with { Epoch = fencing.Epoch, Holder = fencing.Holder, Store = fencing.Store };
        await WriteMarkerAsync(marker, cancellationToken);
        await producers.CommitAsync(cancellationToken);
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
