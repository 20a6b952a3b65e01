namespace CdcFlow.Runtime.Attempts;

/// <summary>Which sinks the rows of a source's node come to, by the pipeline's shape. Pure.</summary>
internal static class FedSinks
{
    /// <summary>Those of the sinks that the node feeds, directly or through others. One that the shape does not know may be fed by any node.</summary>
    public static IReadOnlyList<string> Of(PipelineGraph graph, string nodeId, IReadOnlyList<string> sinks)
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

        return [.. sinks.Where(sink => reached.Contains(sink) || graph.Nodes.All(node => node.Id != sink))];
    }
}
