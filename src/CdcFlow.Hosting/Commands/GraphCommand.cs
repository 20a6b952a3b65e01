using System.CommandLine;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>graph</c>: draws the pipeline. Opens nothing and needs no configuration.</summary>
internal static class GraphCommand
{
    private static readonly Dictionary<string, Func<PipelineGraph, string>> formats = new(StringComparer.Ordinal)
    {
        ["mermaid"] = graph => graph.ToMermaid(),
        ["dot"] = graph => graph.ToDot(),
        ["json"] = GraphText.Json,
    };

    public static Command Define(PipelineGraph graph, Terminal terminal)
    {
        var format = new Option<string>("--format") { Description = "How to draw it.", DefaultValueFactory = _ => "mermaid" };
        format.AcceptOnlyFromAmong([.. formats.Keys]);
        var command = new Command("graph", "Draw the pipeline's nodes and edges.") { format };
        command.SetAction(arguments =>
        {
            terminal.Out.WriteLine(formats[arguments.GetRequiredValue(format)](graph));
            return ExitCode.Ok;
        });
        return command;
    }
}
