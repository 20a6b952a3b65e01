using System.Globalization;
using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>A stage and the name of its class.</summary>
internal sealed record NamedStage(Stage Stage, string Class);

/// <summary>An asynchronous node and the name of its operator's class.</summary>
internal sealed record NamedNode(NodeModel Node, string Class);

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
                Consumers(source.Id);
            }
        }
    }

    private void Source(SourceModel source)
    {
        var local = locals.TakeLocal(source.Member);
        streams.Add(new Port(source.Id, null), local);
        writer.Line($"var {local} = builder.Source<{source.Row.Full}, {names.Codec(source.Row)}>({Names.Quote(source.Id)}, {source.Attribute});");
    }

    /// <summary>Everything behind a stream.</summary>
    private void Consumers(string stream)
    {
        var fused = plan.Stages.FirstOrDefault(stage => stage.Input == stream);
        if (fused is not null)
        {
            Stage(fused);
        }

        var ports = new[] { stream }.Concat(fused?.Nodes.Select(node => node.Id) ?? []).SelectMany(plan.Ports).ToList();
        foreach (var sink in ports.SelectMany(port => model.Sinks.Where(sink => sink.Input == port)))
        {
            writer.Line($"builder.Sink<{sink.Row.Full}, {names.Codec(sink.Row)}>({Names.Quote(sink.Name)}, {streams[sink.Input]}, {sink.Attribute});");
        }

        foreach (var node in ports.SelectMany(port => model.Nodes.Where(node => node.Async is not null && node.Input == port)))
        {
            Async(node);
            Consumers(node.Id);
        }
    }

    private void Stage(Stage stage)
    {
        var named = new NamedStage(stage, names.Nested(NameScope.Pascal(stage.Nodes[0].Id) + "Stage"));
        stages.Add(named);
        var local = locals.TakeLocal(named.Class);
        writer.Line().Line($"var {local} = builder.Stage({Names.Quote(stage.Name)}, {streams[new Port(stage.Input, null)]});");
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

        writer.Line($"{local}.Run(new {named.Class}({string.Join(", ", arguments)}));");
    }

    private void Async(NodeModel node)
    {
        var named = new NamedNode(node, names.Nested(NameScope.Pascal(node.Id) + "Operator"));
        asyncNodes.Add(named);
        var local = locals.TakeLocal(node.Method);
        streams.Add(new Port(node.Id, null), local);
        var options = $"new {Names.Operators}AsyncOptions({node.Async!.MaxConcurrency.ToString(CultureInfo.InvariantCulture)}, {Names.Flow}Ordering.{node.Async.Ordering})";
        writer.Line().Line(
            $"var {local} = builder.Async({Names.Quote(node.Id)}, {streams[node.Input]}, new {named.Class}({(node.IsStatic ? "" : "pipeline")}), {options});");
    }
}
