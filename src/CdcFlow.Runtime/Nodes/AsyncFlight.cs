using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Rejects;

namespace CdcFlow.Runtime.Nodes;

/// <summary>A batch on its way through an asynchronous node, and what each of its changes has become so far.</summary>
/// <remarks>Used again for a later batch: the collectors stay.</remarks>
internal sealed class AsyncFlight<TIn, TOut>
    where TIn : class
    where TOut : class
{
    /// <summary>By the change's index. Lanes write only what their own changes become.</summary>
    private readonly List<AsyncCollector<TOut>> collectors = [];

    /// <summary>By the index of a change that was set aside. Lanes share it.</summary>
    private readonly SortedList<int, RejectedChange> rejected = [];

    /// <summary>The lanes that work on it.</summary>
    public List<Task> Lanes { get; } = [];

    /// <summary>The batch.</summary>
    public ChangeBatch<TIn> Batch { get; private set; } = null!;

    /// <summary>When it was taken on board.</summary>
    public long BegunAt { get; private set; }

    /// <summary>Takes a batch on board.</summary>
    public void Begin(ChangeBatch<TIn> batch, long now)
    {
        (Batch, BegunAt) = (batch, now);
        while (collectors.Count < batch.Count)
        {
            collectors.Add(new AsyncCollector<TOut>());
        }
    }

    /// <summary>What the change of that index becomes.</summary>
    public AsyncCollector<TOut> CollectorOf(int index) => collectors[index];

    /// <summary>The change of that index is set aside; null: skipped.</summary>
    public void Reject(int index, RejectedChange? change)
    {
        if (change is not null)
        {
            lock (rejected)
            {
                // A fan-out before the node may have made several rows of one key of one change. Rows without a known key may be any.
                if (change.Key is null || rejected.Values.All(other => other.Metadata != change.Metadata || other.Key != change.Key))
                {
                    rejected.Add(index, change);
                }
            }
        }
    }

    /// <summary>Fills a batch for each output in the order of the input, and leaves null where nothing goes. The flight is then free.</summary>
    /// <returns>What was set aside, in the order of the input.</returns>
    public IReadOnlyList<RejectedChange> End(ChangeBatch<TOut>?[] outputs)
    {
        for (var index = 0; index < Batch.Count; index++)
        {
            collectors[index].MoveTo(outputs);
        }

        foreach (var output in outputs)
        {
            // The input's bytes count until everything made out of them is done.
            output?.Lease = Batch.Lease?.Retain();
        }

        Batch.Release();
        Lanes.Clear();
        if (rejected.Count == 0)
        {
            return [];
        }

        RejectedChange[] all = [.. rejected.Values];
        rejected.Clear();
        return all;
    }
}
