using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>What a source is opened with. The check before is given the same.</summary>
internal static class SourceStart
{
    /// <summary>Each source has its own share of the budget: chunks of one must not take the bytes that the log of another needs to move on.</summary>
    /// <param name="source">The source.</param>
    /// <param name="pipeline">The pipeline's shape.</param>
    /// <param name="graph">All sources and sinks.</param>
    /// <param name="options">How the pipeline runs.</param>
    /// <param name="store">This instance's checkpoint store; null: it has no id yet.</param>
    /// <param name="state">What the source goes on from; null: it begins.</param>
    /// <param name="resnapshot">What it is to read again; null: nothing.</param>
    public static SourceOpenContext Of(SourceNode source, PipelineGraph pipeline, FlowGraph graph, PipelineOptions options, StoreId? store, JsonElement? state, ResnapshotRequest? resnapshot)
    {
        string[] keeping = [.. graph.Sinks.SelectMany(node => node.Sink.KeepingSinks)];
        var share = Math.Max(1, options.BudgetBytes / Math.Max(1, graph.Sources.Count));
        return new SourceOpenContext(state, options.Boundedness, new MemoryBudget(share))
        {
            Store = store,
            Resnapshot = resnapshot,
            KeepingSinks = source.NodeIds.ToDictionary(node => node, node => FedNodes.Sinks(pipeline, node, keeping)),
            SkipTo = options.SkipTo.GetValueOrDefault(source.Connection),
        };
    }
}
