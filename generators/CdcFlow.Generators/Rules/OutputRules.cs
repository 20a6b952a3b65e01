using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;

namespace CdcFlow.Generators.Rules;

/// <summary>Rows come from somewhere and go somewhere, and every name that keys a checkpoint is one of a kind.</summary>
internal static class OutputRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        if (!pipeline.Sources.Any())
        {
            report.Add(Descriptors.NotConnected, pipeline.Type.Place(), $"Pipeline '{pipeline.Name}'", "source", "add a property of type Changes<T> with a source attribute");
        }

        if (!pipeline.Sinks.Any())
        {
            report.Add(Descriptors.NotConnected, pipeline.Type.Place(), $"Pipeline '{pipeline.Name}'", "sink", "put a sink attribute on the node whose output it shall take");
        }

        foreach (var sink in pipeline.LooseSinks)
        {
            report.Add(Descriptors.NotConnected, sink.Attribute.Place(sink.Member), $"Sink '{sink.Name}'", "input", $"make '{sink.Member.Name}' a node");
        }

        foreach (var node in pipeline.Nodes.Where(node => node.Sinks.Count == 0 && !node.IsDiscarded && pipeline.Methods.All(method => !method.Candidates.Contains(node))))
        {
            report.Add(Descriptors.GoesNowhere, node.Member.Place(), node.Member.Name);
        }

        CheckNames(pipeline, report);
    }

    private static void CheckNames(PipelineDeclaration pipeline, Report report)
    {
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in pipeline.Nodes.Where(node => !nodes.Add(node.Id)))
        {
            report.Add(Descriptors.DuplicateName, node.Member.Place(), "node", node.Id, "another member name or [NodeId]");
        }

        var sinks = new HashSet<string>(nodes, StringComparer.Ordinal);
        foreach (var sink in pipeline.Sinks.Where(sink => !sinks.Add(sink.Name)))
        {
            report.Add(Descriptors.DuplicateName, sink.Attribute.Place(sink.Member), "sink", sink.Name, "Name");
        }
    }
}
