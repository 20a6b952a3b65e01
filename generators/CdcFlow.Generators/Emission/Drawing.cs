using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Draws the graph for people: as a tree in the file's header, as Mermaid in the class's documentation.</summary>
internal static class Drawing
{
    public static void WriteHeader(SourceWriter writer, PipelineModel model)
    {
        writer.Line($"// {model.Name} ({Guarantee(model)})");
        foreach (var source in model.Sources)
        {
            writer.Line($"//   {source.Id}: {source.Row.Short} from {source.Detail}");
            WriteConsumers(writer, model, source.Id, "//   ");
        }
    }

    public static void WriteDocumentation(SourceWriter writer, PipelineModel model)
    {
        // A second summary would hide the user's own.
        var element = model.IsDocumented ? "remarks" : "summary";
        writer.Line($"/// <{element}>Pipeline <c>{model.Name}</c>, {Guarantee(model)}:").Line("/// <code>").Line("/// graph LR");
        foreach (var line in Mermaid(model))
        {
            writer.Line($"///   {Escape(line)}");
        }

        writer.Line("/// </code>").Line($"/// </{element}>");
    }

    /// <remarks>Mermaid's ids are words of one kind: a source <c>Customers</c> and a sink <c>customers</c> must not become one box.</remarks>
    private static IEnumerable<string> Mermaid(PipelineModel model)
    {
        var words = new NameScope();
        var ids = model.Sources.Select(source => source.Id).Concat(model.Nodes.Select(node => node.Id)).ToDictionary(id => id, id => words.Take(NameScope.Pascal(id)));
        foreach (var source in model.Sources)
        {
            yield return $"{ids[source.Id]}[({source.Id})]";
        }

        foreach (var node in model.Nodes)
        {
            yield return $"{Edge(node.Input)} {ids[node.Id]}{(ids[node.Id] == node.Id ? "" : $"[{node.Id}]")}";
        }

        foreach (var sink in model.Sinks)
        {
            yield return $"{Edge(sink.Input)} {words.Take(NameScope.Pascal(sink.Name))}([{sink.Name}])";
        }

        string Edge(Port port) => ids[port.Node] + (port.Branch is null ? " -->" : $" -- {port.Branch} -->");
    }

    private static void WriteConsumers(SourceWriter writer, PipelineModel model, string node, string indent)
    {
        var sinks = model.Sinks.Where(sink => sink.Input.Node == node).Select(sink => (Id: (string?)null, Text: $"{sink.Name} ({sink.Detail}){Branch(sink.Input)}"));
        var nodes = model.Nodes.Where(next => next.Input.Node == node).Select(next => (Id: (string?)next.Id, Text: $"{next.Id}: {Work(next)}{Branch(next.Input)}"));
        var consumers = sinks.Concat(nodes).ToList();
        for (var index = 0; index < consumers.Count; index++)
        {
            var isLast = index == consumers.Count - 1;
            writer.Line($"{indent}{(isLast ? "└─" : "├─")} {consumers[index].Text}");
            if (consumers[index].Id is { } id)
            {
                WriteConsumers(writer, model, id, indent + (isLast ? "   " : "│  "));
            }
        }
    }

    private static string Work(NodeModel node) => node.Kind switch
    {
        NodeKind.Filter => "filter",
        NodeKind.Route => $"route by {node.Branch!.Short}",
        NodeKind.FanOut => $"{node.Out.Short}, several",
        _ => node.Out.Short,
    } + (node.Async is null ? "" : ", asynchronous");

    /// <summary>An output as people call it: <c>ByTier</c>, <c>ByTier when Vip</c>.</summary>
    public static string Show(Port port) => port.Node + Branch(port);

    private static string Branch(Port port) => port.Branch is null ? "" : $" when {port.Branch}";

    private static string Guarantee(PipelineModel model) => model.Delivery == "ExactlyOnce" ? "exactly once" : "at least once";

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
