using CdcFlow.Checkpoints;
using CdcFlow.Runtime;

namespace CdcFlow.Testing;

/// <summary>Where the barriers of checkpoints shall wait: what is behind them waits too, what has passed goes on.</summary>
/// <remarks>Holds until <see cref="Release"/>, through restarts too.</remarks>
public sealed class BarrierPlan : IBarrierGate
{
    private readonly PipelineGraph graph;
    private readonly HashSet<string> held = new(StringComparer.Ordinal);
    private readonly List<TaskCompletionSource> waiting = [];

    internal BarrierPlan(PipelineGraph graph) => this.graph = graph;

    /// <summary>Whether a barrier waits now.</summary>
    public bool IsWaiting => waiting.Count > 0;

    internal bool Holds => held.Count > 0;

    /// <summary>Lets barriers wait before a node, when they have come on all of its inputs.</summary>
    /// <param name="nodeId">A filter, transform or route. Nodes that run fused are one: the barrier waits before the first of them.</param>
    /// <exception cref="ArgumentException">The pipeline has no such node, or it is a source or a sink.</exception>
    public void Hold(string nodeId)
    {
        if (graph.Nodes.FirstOrDefault(node => node.Id == nodeId)?.Kind is null or GraphNodeKind.Source or GraphNodeKind.Sink)
        {
            throw new ArgumentException($"Pipeline '{graph.Name}' has no filter, transform or route '{nodeId}'.", nameof(nodeId));
        }

        held.Add(nodeId);
    }

    /// <summary>Lets barriers wait before a sink, or what shares its connection.</summary>
    public void Hold(ITestSink sink) => held.Add(sink.Connection);

    /// <summary>Lets all barriers pass; those that wait do so when the pipeline next moves.</summary>
    public void Release()
    {
        held.Clear();
        waiting.ForEach(waiter => waiter.TrySetResult());
        waiting.Clear();
    }

    /// <inheritdoc/>
    async ValueTask IBarrierGate.PassAsync(string nodeId, CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        if (!held.Contains(nodeId) && !nodeId.Split('+').Any(held.Contains))
        {
            return;
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(waiter);
        using (cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken)))
        {
            await waiter.Task;
        }
    }

    /// <summary>The process that they waited in is dead.</summary>
    internal void Forget() => waiting.Clear();

    /// <exception cref="InvalidOperationException">What would follow could never end.</exception>
    internal void ThrowIfHolding()
    {
        if (Holds)
        {
            throw new InvalidOperationException(
                $"Barriers are held at {string.Join(", ", held)}, so the checkpoint cannot end: use RequestCheckpoint and DrainAsync, or Release them first.");
        }
    }
}
