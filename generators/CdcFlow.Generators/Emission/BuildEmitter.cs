using System.Globalization;
using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>A stage and the name of its class.</summary>
internal sealed record NamedStage(Stage Stage, string Class);

/// <summary>An asynchronous node, the name of its operator's class, and its outputs in the order of their indexes.</summary>
internal sealed record NamedNode(NodeModel Node, string Class, IReadOnlyList<Port> Outputs);

/// <summary>Writes <c>Build</c>: one call per source, stage, asynchronous node and sink, in the order in which rows flow.</summary>
internal sealed class BuildEmitter(SourceWriter writer, PipelineModel model, Names names, FlowPlan plan)
{
    private readonly NameScope locals = new(["pipeline", "builder"]);
    private readonly Dictionary<Port, string> streams = [];
    private readonly List<NamedStage> stages = [];
    private readonly List<NamedNode> asyncNodes = [];

    public IReadOnlyList<NamedStage> Stages => stages;

    public IReadOnlyList<NamedNode> AsyncNodes => asyncNodes;

    public void Emit()
    {
        writer.Line("/// <summary>Builds the graph.</summary>");
        using (writer.Open($"public static void Build({model.Type.Full} pipeline, {Names.Runtime}PipelineBuilder builder)"))
        {
            foreach (var source in model.Sources)
            {
                Source(source);
            }

            foreach (var source in model.Sources)
            {
                Consumers(new Port(source.Id, null));
            }
        }
    }

    private void Source(SourceModel source)
    {
        var local = locals.TakeLocal(source.Member);
        streams.Add(new Port(source.Id, null), local);
        writer.Line($"var {local} = builder.Source<{source.Row.Full}, {names.Codec(source.Row)}>({Names.Quote(source.Id)}, {Attribute(source)});");
    }

    // What makes an attribute ends with its arguments or with its properties.
    private string Attribute(SourceModel source)
    {
        var locked = $"LockedTable = {names.Locked}.{source.Member}";
        return source.Locked is null ? source.Attribute
            : source.Attribute[source.Attribute.Length - 1] == '}' ? $"{source.Attribute.Substring(0, source.Attribute.Length - 2)}, {locked} }}"
            : $"{source.Attribute} {{ {locked} }}";
    }

    /// <summary>Everything behind a stream.</summary>
    private void Consumers(Port stream)
    {
        var fused = plan.Stages.FirstOrDefault(stage => stage.Input == stream);
        if (fused is not null)
        {
            Stage(fused);
        }

        var ports = new[] { stream }.Concat(fused?.Nodes.SelectMany(node => plan.Ports(node.Id)) ?? []).ToList();
        foreach (var sink in ports.SelectMany(port => model.Sinks.Where(sink => sink.Input == port)))
        {
            writer.Line($"builder.Sink<{sink.Row.Full}, {names.Codec(sink.Row)}>({Names.Quote(sink.Name)}, {streams[sink.Input]}, {sink.Attribute});");
        }

        foreach (var node in ports.SelectMany(port => model.Nodes.Where(node => node.Async is not null && node.Input == port)))
        {
            Async(node);
            foreach (var output in plan.Outputs(node))
            {
                Consumers(output);
            }
        }
    }

    private void Stage(Stage stage)
    {
        var named = new NamedStage(stage, names.Nested(NameScope.Pascal(stage.Nodes[0].Id) + "Stage"));
        stages.Add(named);
        var local = locals.TakeLocal(named.Class);
        writer.Line().Line($"var {local} = builder.Stage({Names.Quote(stage.Name)}, {streams[stage.Input]});");
        var arguments = stage.Nodes.Any(node => !node.IsStatic) ? new List<string> { "pipeline" } : [];
        foreach (var node in stage.Nodes)
        {
            foreach (var port in plan.Ports(node.Id).Where(plan.LeavesStage))
            {
                var output = locals.TakeLocal(Names.Of(port));
                streams.Add(port, $"{output}.Stream");
                arguments.Add($"{output}.Collector");
                writer.Line($"var {output} = {local}.Output<{node.Out.Full}>({Names.Quote(node.Id)});");
            }
        }

        arguments.Add($"{local}.Failures");
        writer.Line($"{local}.Run(new {named.Class}({string.Join(", ", arguments)}));");
    }

    private void Async(NodeModel node)
    {
        var named = new NamedNode(node, names.Nested(NameScope.Pascal(node.Id) + "Operator"), plan.Outputs(node));
        asyncNodes.Add(named);
        var local = locals.TakeLocal(node.Method);
        var options = $"new {Names.Operators}AsyncOptions({Number(node.Async!.MaxConcurrency)}, {Names.Flow}Ordering.{node.Async.Ordering})";
        var outputs = named.Outputs.Count > 1 ? $", outputs: {Number(named.Outputs.Count)}" : "";
        writer.Line().Line(
            $"var {local} = builder.Async({Names.Quote(node.Id)}, {streams[node.Input]}, new {named.Class}({(node.IsStatic ? "" : "pipeline")}), {options}{outputs});");
        for (var index = 0; index < named.Outputs.Count; index++)
        {
            streams.Add(named.Outputs[index], named.Outputs.Count > 1 ? Output(named.Outputs[index], $"{local}[{Number(index)}]") : local);
        }
    }

    private string Output(Port port, string stream)
    {
        var local = locals.TakeLocal(Names.Of(port));
        writer.Line($"var {local} = {stream};");
        return local;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
