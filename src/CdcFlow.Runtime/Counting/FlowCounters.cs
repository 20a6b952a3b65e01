using System.Collections.Concurrent;

namespace CdcFlow.Runtime.Counting;

/// <summary>The counts of all nodes, by id. They outlive attempts, so that a counter never goes back.</summary>
/// <param name="time">The clock.</param>
/// <param name="batchProcessed">Is told of each batch; null for nobody.</param>
internal sealed class FlowCounters(TimeProvider time, Action<string, TimeSpan>? batchProcessed)
{
    private readonly ConcurrentDictionary<string, NodeCounter> counters = new(StringComparer.Ordinal);

    /// <summary>The counter of a node.</summary>
    public NodeCounter Of(string nodeId) => counters.GetOrAdd(nodeId, id => new NodeCounter(id, time, batchProcessed));

    /// <summary>The counts of all nodes, in the order of their ids.</summary>
    /// <param name="queueLengths">What waits now, by node id.</param>
    public IReadOnlyList<NodeStatus> Status(IReadOnlyDictionary<string, int> queueLengths) =>
    [
        .. counters.OrderBy(counter => counter.Key, StringComparer.Ordinal)
            .Select(counter => counter.Value.Status(queueLengths.GetValueOrDefault(counter.Key))),
    ];
}
