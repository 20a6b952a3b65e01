namespace CdcFlow.Runtime.Attempts;

/// <summary>Where the rows of a source's node come to, by the pipeline's shape. Pure.</summary>
internal static class FedNodes
{
    /// <summary>The nodes and sinks that it feeds, directly or through others, and itself.</summary>
    public static IReadOnlyCollection<string> Of(PipelineGraph graph, string nodeId)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { nodeId };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var from))
        {
            foreach (var edge in graph.Edges.Where(edge => edge.From == from && reached.Add(edge.To)))
            {
                open.Enqueue(edge.To);
            }
        }

        return reached;
    }

    /// <summary>Those of the sinks that it feeds. One that the shape does not know may be fed by any node.</summary>
    public static IReadOnlyList<string> Sinks(PipelineGraph graph, string nodeId, IReadOnlyList<string> sinks)
    {
        var reached = Of(graph, nodeId);
        return [.. sinks.Where(sink => reached.Contains(sink) || graph.Nodes.All(node => node.Id != sink))];
    }
}
