using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Commands;

/// <summary>A pipeline's shape as text.</summary>
internal static class GraphText
{
    /// <summary>For programs.</summary>
    public static string Json(PipelineGraph graph) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", graph.Name);
        json.WriteString("delivery", graph.Delivery.ToString());
        json.WriteStartArray("nodes");
        foreach (var node in graph.Nodes)
        {
            json.WriteStartObject();
            json.WriteString("id", node.Id);
            json.WriteString("kind", node.Kind.ToString());
            json.WriteString("rowType", node.RowType);
            json.WriteString("detail", node.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("edges");
        foreach (var edge in graph.Edges)
        {
            json.WriteStartObject();
            json.WriteString("from", edge.From);
            json.WriteString("to", edge.To);
            json.WriteString("when", edge.When);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
