using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink.Commit;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Sink;

/// <summary>Takes the sink over for an epoch: older instances are fenced *before* the marker is read, or one of them could still commit after it was.</summary>
internal sealed class SinkOpening
{
    // An older instance that is just renewing its producers in the background may fence us once more for each of the two ids, and
    // then finds its own transaction fenced. A newer one is found in the marker topic, at the start of each try.
    private const int MoreTries = 2;

    private readonly SinkOpenContext open;
    private readonly TimeProvider time;

    /// <param name="cluster">The cluster.</param>
    /// <param name="options">The connection's settings.</param>
    /// <param name="open">This instance.</param>
    /// <param name="holder">Where it runs.</param>
    /// <param name="time">Its clock.</param>
    public SinkOpening(IKafkaCluster cluster, KafkaConnectionOptions options, SinkOpenContext open, string holder, TimeProvider time)
    {
        (Cluster, Options, this.open, this.time) = (cluster, options, open, time);
        MarkerTopic = new MarkerTopic(cluster, open.Pipeline, options.MarkerTopic, options.CreateMarkerTopic);
        Fencing = new Fencing(MarkerTopic, open, holder, options.TransactionalId);
    }

    public IKafkaCluster Cluster { get; }

    public KafkaConnectionOptions Options { get; }

    public MarkerTopic MarkerTopic { get; }

    public Fencing Fencing { get; }

    /// <summary>Opens the session.</summary>
    /// <exception cref="CdcFlowException">A newer epoch has the sink.</exception>
    public async ValueTask<SinkSession> RunAsync(CancellationToken cancellationToken)
    {
        await MarkerTopic.EnsureAsync(cancellationToken);
        for (var more = MoreTries; ; more--)
        {
            try
            {
                return await TryAsync(cancellationToken);
            }
            catch (KafkaException fenced) when (fenced.Failure == KafkaFailure.Fenced && more > 0)
            {
            }
            catch (KafkaException refusal)
            {
                throw await Fencing.ExplainAsync(refusal, cancellationToken);
            }
        }
    }

    private async ValueTask<SinkSession> TryAsync(CancellationToken cancellationToken)
    {
        // An instance that wakes up late must not disturb its successor: brokers know nothing of our epochs, and would let it fence a newer one.
        var found = await MarkerTopic.FindAsync(open.Store, cancellationToken);
        Fencing.RefuseIfNewer(found);
        Fencing.RefuseIfForeign(found);

        var producers = await TransactionalProducers.OpenAsync(Cluster, time, Options, cancellationToken);
        IKafkaProducer? outside = null;
        try
        {
            var marker = await MarkerTopic.ReadCommittedAsync(cancellationToken) ?? Marker.None;
            Fencing.RefuseIfNewer(marker);
            Fencing.RefuseIfForeign(marker);
            outside = open.Delivery == Delivery.AtLeastOnce
                ? await Cluster.OpenProducerAsync(Options.Producer(transactionalId: null), cancellationToken)
                : null;
            var session = new SinkSession(this, marker, producers, outside) { RejectCount = open.RejectCount };
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
}
