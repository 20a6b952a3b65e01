using CdcFlow.Operators;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Runtime.State;

namespace CdcFlow.Runtime;

/// <summary>A fused chain of synchronous nodes under construction: declare its outputs, then <see cref="Run"/> once.</summary>
/// <typeparam name="T">The row type of the input.</typeparam>
public sealed class StageBuilder<T>
    where T : class
{
    private readonly StageNode<T> node;
    private readonly FlowGraph graph;
    private readonly IReadOnlyList<string> sources;
    private readonly Action<string> finished;

    internal StageBuilder(StageNode<T> node, FlowGraph graph, IReadOnlyList<string> sources, Action<string> finished)
    {
        this.node = node;
        this.graph = graph;
        this.sources = sources;
        this.finished = finished;
    }

    /// <summary>Takes the failures of the chain's nodes; for the operator.</summary>
    public INodeFailures Failures => node.Failures;

    /// <summary>Adds an output.</summary>
    /// <param name="nodeId">The node in the chain whose rows it carries; a route has one output for each label.</param>
    public StageOutput<TOut> Output<TOut>(string nodeId)
        where TOut : class
    {
        var outlet = graph.NewOutlet<T, TOut>(nodeId);
        var output = new StageOutput<TOut>(new ChangeStream<TOut>(nodeId, outlet, sources));
        node.AddOutput(new StageOutlet<TOut>(nodeId, output.Collector, outlet));
        return output;
    }

    /// <summary>A node of the chain keeps state: it is cut at every barrier, and restored under the node's id before the first batch.</summary>
    /// <exception cref="InvalidOperationException">The node keeps something already.</exception>
    internal void Keep(string nodeId, INodeState state)
    {
        if (graph.States.Exists(other => other.NodeId == nodeId))
        {
            throw new InvalidOperationException($"Node '{nodeId}' keeps state already.");
        }

        var keeper = new NodeStateKeeper(nodeId, state);
        graph.States.Add(keeper);
        node.Keep(keeper);
    }

    /// <summary>Sets the operator that runs on every batch.</summary>
    /// <exception cref="InvalidOperationException">The stage has an operator.</exception>
    public void Run(IBatchOperator<T> op)
    {
        node.SetOperator(op);
        finished(node.Id);
    }
}
