using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes what a pipeline shows of itself without running: its graph, its typed references, its constructor call.</summary>
internal sealed class GraphEmitter(SourceWriter writer, PipelineModel model)
{
    public void Emit()
    {
        References("Sources", "source", model.Sources.Select(source => (source.RefAccess, $"{Names.Flow}SourceRef<{source.Row.Full}>", source.Member, source.Id)));
        References("Sinks", "sink", model.Sinks.Select(sink => (sink.RefAccess, $"{Names.Flow}SinkRef<{sink.Row.Full}>", sink.Reference, sink.Name)));
        Graph();
        Create();
    }

    private void References(string name, string kind, IEnumerable<(string Access, string Type, string Name, string Value)> references)
    {
        writer.Line($"/// <summary>Typed names of the {name.ToLowerInvariant()}.</summary>");
        using (writer.Open($"public static class {name}"))
        {
            foreach (var (access, type, member, value) in references)
            {
                writer.Line($"/// <summary>The {kind} <c>{value}</c>.</summary>");
                writer.Line($"{access} static {type} {NameScope.Escape(member)} {{ get; }} = new({Names.Quote(value)});");
            }
        }

        writer.Line();
    }

    private void Graph()
    {
        writer.Line("/// <summary>The pipeline's nodes and edges.</summary>");
        writer.Line($"public static {Names.Runtime}PipelineGraph Graph {{ get; }} = new(");
        using (writer.Indent())
        {
            writer.Line($"{Names.Quote(model.Name)}, {Names.Flow}Delivery.{model.Delivery},");
            List(Nodes(), ",");
            List(Edges(), ");");
        }

        writer.Line();
    }

    private void List(IEnumerable<string> items, string end)
    {
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (var item in items)
            {
                writer.Line($"{item},");
            }
        }

        writer.Line($"]{end}");
    }

    private IEnumerable<string> Nodes() =>
        model.Sources.Select(source => Node(source.Id, "Source", source.Row, source.Detail))
            .Concat(model.Nodes.Select(node => Node(node.Id, Kind(node), node.Out, null, needsOldRow: FanOutBody.ComparesRows(node), onError: node.OnError) + Content(node)))
            .Concat(model.Sinks.Select(sink => Node(sink.Name, "Sink", sink.Row, sink.Detail, sink.LeavesTransactions)));

    private static string Kind(NodeModel node) => node.Kind switch
    {
        NodeKind.Filter => "Filter",
        NodeKind.Route => "Route",
        _ => "Transform",
    };

    private static string Node(string id, string kind, TypeRef row, string? detail, bool leavesTransactions = false, bool needsOldRow = false, string onError = "Stop") =>
        $"new({Names.Quote(id)}, {Names.Runtime}GraphNodeKind.{kind}, {Names.Quote(row.Short)}"
        + $"{(detail is null ? "" : ", " + Names.Quote(detail))}{(leavesTransactions ? ", LeavesTransactions: true" : "")}{(needsOldRow ? ", NeedsOldRow: true" : "")}{(onError == "Stop" ? "" : $", OnError: {Names.Flow}OnError.{onError}")})";

    private static string Content(NodeModel node) =>
        $" {{ Content = {Names.Quote(node.Content)}{(node.UsesAnyColumn || node.Parameters.TakesChange ? "" : $", Columns = [{string.Join(", ", node.UsedColumns.Select(Names.Quote))}]")}{(node.Parameters.TakesChange ? ", TakesChange = true" : "")} }}";

    private IEnumerable<string> Edges() =>
        model.Nodes.Select(node => (node.Input, To: node.Id)).Concat(model.Sinks.Select(sink => (sink.Input, To: sink.Name)))
            .Select(edge => $"new({Names.Quote(edge.Input.Node)}, {Names.Quote(edge.To)}{(edge.Input.Branch is { } branch ? ", " + Names.Quote(branch) : "")})");

    private void Create()
    {
        writer.Line("/// <summary>Makes the pipeline with its services.</summary>");
        writer.Line($"public static {model.Type.Full} Create(global::System.IServiceProvider services) =>");
        using (writer.Indent())
        {
            var arguments = model.Services.Select(service => service.Default is null
                ? $"{Names.Runtime}RequiredService.Of<{service.Type.Full}>(services, {Names.Quote(model.Name)})"
                : $"({service.Type.Full}?)services.GetService(typeof({service.Type.Full})) ?? {service.Default}");
            writer.Line($"new({string.Join(", ", arguments)});");
        }

        writer.Line();
    }
}
