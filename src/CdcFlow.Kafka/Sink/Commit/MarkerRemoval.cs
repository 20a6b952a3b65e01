using CdcFlow.Checkpoints;
using CdcFlow.Configuration;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>Takes the pipeline's marker away. Its topic stays: it is compacted, and tells later starts that there is no marker.</summary>
/// <param name="topic">Where the marker is.</param>
/// <param name="open">Opens the producers, which fences every older instance.</param>
internal sealed class MarkerRemoval(MarkerTopic topic, Func<CancellationToken, ValueTask<TransactionalProducers>> open)
{
    /// <summary>Finds it, without fencing anybody.</summary>
    public async ValueTask<PipelineTrace> FindAsync(TraceScope scope, CancellationToken cancellationToken)
    {
        var found = await topic.FindAsync(own: null, cancellationToken);
        return new PipelineTrace($"marker in topic '{topic.Name}'", found is null ? TraceState.Gone : TraceState.Present)
        {
            Detail = found is null ? null : $"{(found.Checkpoint is { } checkpoint ? $"which names checkpoint {checkpoint}; " : "")}the topic itself stays",
            RemoveAsync = token => RemoveAsync(scope.Store, token),
        };
    }

    private async ValueTask RemoveAsync(StoreId? store, CancellationToken cancellationToken)
    {
        if (await topic.FindAsync(own: null, cancellationToken) is not { } before)
        {
            return;
        }

        Refuse(before, store);
        await using var producers = await open(cancellationToken);
        if (await topic.ReadCommittedAsync(cancellationToken) is not { } marker)
        {
            return;
        }

        Refuse(marker, store);
        var producer = await producers.BeginAsync(cancellationToken);
        await topic.DeleteAsync(producer, cancellationToken);
        await producer.FlushAsync(cancellationToken);
        await producers.CommitAsync(cancellationToken);
    }

    private void Refuse(Marker marker, StoreId? store)
    {
        if (marker.Store is { } owner && owner != store)
        {
            throw KafkaSinkErrors.OtherOwner(topic.Name, owner, marker.Epoch);
        }
    }
}
