using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Asks every sink what its marker says, and the store what it holds, without changing anything: an instance that runs does not notice.</summary>
internal static class FirstReading
{
    /// <summary>Reads, sinks first: a checkpoint that one of them names was in the store by then.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="store">Its store.</param>
    /// <param name="graph">Its sinks.</param>
    /// <param name="calling">Is told which connection is being asked; null once none is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RecoveryFacts> RunAsync(
        PipelineDefinition definition, ICheckpointStore store, FlowGraph graph, Action<string?> calling, CancellationToken cancellationToken)
    {
        var sinks = new List<OpenedSink>();
        foreach (var node in graph.Sinks)
        {
            calling(node.Connection);
            var found = await node.Sink.ReadMarkerAsync(cancellationToken);
            sinks.Add(new OpenedSink(node.Connection, node.Sink.Kind, found?.Checkpoint) { Found = found, Before = found?.Before });
            calling(null);
        }

        return new RecoveryFacts(definition.Name, await RecoveryFacts.LoadAllAsync(store, cancellationToken), sinks)
        {
            Sources = [.. graph.Sources.Select(source => source.Connection)],
            Nodes = [.. graph.States.Select(state => state.NodeId)],
            Store = await store.ReadIdAsync(cancellationToken),
        };
    }
}
