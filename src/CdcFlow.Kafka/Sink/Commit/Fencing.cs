using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Client;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>Tells who has the sink. Brokers fence by their own producer epochs, in the order of arrival; which instance is the newer one the marker says.</summary>
/// <param name="markerTopic">Where the newest instance says so.</param>
/// <param name="open">This instance.</param>
/// <param name="holder">Where it runs.</param>
/// <param name="ids">What its transactional ids begin with, for messages.</param>
internal sealed class Fencing(MarkerTopic markerTopic, SinkOpenContext open, string holder, string ids)
{
    public Epoch Epoch => open.Epoch;

    public string Holder => holder;

    public StoreId Store => open.Store;

    /// <summary>Ends an instance that is older than the one that the marker names.</summary>
    /// <exception cref="CdcFlowException">It is.</exception>
    public void RefuseIfNewer(Marker? marker)
    {
        if (marker is not null && marker.Epoch > open.Epoch)
        {
            throw FencedBy(marker);
        }
    }

    /// <summary>Ends an instance whose checkpoint store does not own the sink.</summary>
    /// <exception cref="CdcFlowException">Another store does.</exception>
    public void RefuseIfForeign(Marker? marker)
    {
        if (marker?.Told.Admits(open) == false)
        {
            throw FencedBy(marker);
        }
    }

    /// <summary>What a failure of the cluster means for the pipeline.</summary>
    /// <remarks>A fenced instance ends if a newer one has taken over. If none says so it may start again, under a new epoch, which only the
    /// holder of the lease gets: two that fence each other for ever there cannot be.</remarks>
    public async ValueTask<CdcFlowException> ExplainAsync(KafkaException error, CancellationToken cancellationToken)
    {
        if (error.Failure == KafkaFailure.RecordTooLarge)
        {
            return KafkaSinkErrors.RefusedAsTooLarge(error);
        }

        if (error.Failure != KafkaFailure.Fenced)
        {
            return error;
        }

        var now = await markerTopic.FindAsync(open.Store, cancellationToken);
        return now is not null && (!now.Told.Admits(open) || now.Epoch > open.Epoch || (now.Epoch == open.Epoch && now.Holder != holder))
            ? FencedBy(now)
            : KafkaSinkErrors.DisturbedBy(open.Pipeline, open.Epoch, ids, error);
    }

    private CdcFlowException FencedBy(Marker now) => KafkaSinkErrors.FencedBy(open.Pipeline, open.Epoch, now.Epoch, now.Holder, markerTopic.Name);
}
