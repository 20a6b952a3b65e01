using CdcFlow.Rejects;
using CdcFlow.Runtime.Counting;

namespace CdcFlow.Runtime.Rejection;

/// <summary>Counts what the sinks of one connection reject themselves, between two barriers.</summary>
internal sealed class SinkRejectCount(FlowCounters counters, int max, string pipeline) : IRejectCount
{
    private readonly RejectCount count = new();

    /// <inheritdoc/>
    public void Add(RejectedChange rejected, bool isKept)
    {
        Note(rejected, isKept);
        count.Add(rejected.Node, max, rejected, pipeline);
    }

    /// <inheritdoc/>
    public void Note(RejectedChange rejected, bool isKept) => counters.Of(rejected.Node).Rejected(rejected, isKept);

    /// <summary>A checkpoint is over.</summary>
    public void Clear() => count.Clear();
}
