using System.Text;

namespace CdcFlow.Runtime;

/// <summary>A pipeline's shape, drawn as text.</summary>
internal static class GraphDrawing
{
    /// <summary>As a Mermaid flowchart.</summary>
    public static string Mermaid(PipelineGraph graph)
    {
        var text = new StringBuilder("flowchart LR");
        var names = Names(graph);
        foreach (var node in graph.Nodes)
        {
            var (open, close) = node.Kind switch
            {
                GraphNodeKind.Source => ("[(", ")]"),
                GraphNodeKind.Sink => ("[[", "]]"),
                GraphNodeKind.Filter or GraphNodeKind.Route => ("{", "}"),
                _ => ("[", "]"),
            };
            Line(text, $"  {names[node.Id]}{open}\"{Label(node, "<br/>").Replace("\"", "#quot;", StringComparison.Ordinal)}\"{close}");
        }

        foreach (var edge in graph.Edges)
        {
            Line(text, $"  {names[edge.From]} -->{(edge.When is null ? "" : $"|{edge.When}|")} {names[edge.To]}");
        }

        return text.ToString();
    }

    /// <summary>For Graphviz.</summary>
    public static string Dot(PipelineGraph graph)
    {
        var text = new StringBuilder($"digraph \"{graph.Name}\" {{");
        var names = Names(graph);
        Line(text, "  rankdir=LR;");
        foreach (var node in graph.Nodes)
        {
            var shape = node.Kind switch
            {
                GraphNodeKind.Source => "cylinder",
                GraphNodeKind.Sink => "folder",
                GraphNodeKind.Filter or GraphNodeKind.Route => "diamond",
                _ => "box",
            };
            Line(text, $"  {names[node.Id]} [shape={shape}, label=\"{Label(node, "\\n").Replace("\"", "\\\"", StringComparison.Ordinal)}\"];");
        }

        foreach (var edge in graph.Edges)
        {
            Line(text, $"  {names[edge.From]} -> {names[edge.To]}{(edge.When is null ? "" : $" [label=\"{edge.When}\"]")};");
        }

        return Line(text, "}").ToString();
    }

    /// <summary>Ids are the user's and may hold anything; both languages take <c>n0</c>, <c>n1</c>, ….</summary>
    private static Dictionary<string, string> Names(PipelineGraph graph) =>
        graph.Nodes.Select((node, index) => (node.Id, Name: $"n{index}")).ToDictionary(node => node.Id, node => node.Name, StringComparer.Ordinal);

    private static string Label(GraphNode node, string newLine) =>
        node.Detail is null ? $"{node.Id}{newLine}{node.RowType}" : $"{node.Id}{newLine}{node.Detail}{newLine}{node.RowType}";

    private static StringBuilder Line(StringBuilder text, string line) => text.Append('\n').Append(line);
}
