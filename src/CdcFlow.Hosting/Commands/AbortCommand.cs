using System.CommandLine;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>SYSTEM abort PIPELINE</c>, as in <c>kafka abort orders</c>: ends transactions that a dead instance left open at a system of the pipeline's sinks.</summary>
internal sealed class AbortCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private const string SinkSuffix = "Sink";

    private readonly Argument<string> name = new("pipeline") { Description = "The pipeline's name, to be sure." };

    /// <summary>One verb for each system that the pipeline has sinks of: the first word of <c>KafkaSink bus</c>.</summary>
    public IEnumerable<Command> Define() => TPipeline.Graph.Nodes
        .Where(node => node.Kind == GraphNodeKind.Sink)
        .Select(node => node.Detail?.Split(' ')[0] ?? "")
        .Where(connector => connector.Length > SinkSuffix.Length && connector.EndsWith(SinkSuffix, StringComparison.Ordinal))
        .Select(connector => connector[..^SinkSuffix.Length].ToLowerInvariant())
        .Distinct()
        .Select(Define);

    private Command Define(string system)
    {
        var abort = new Command("abort", "End transactions that a dead instance left open, so that readers are not held back. A running instance has to start anew.") { name };
        abort.SetAction((arguments, cancellationToken) => RunAsync(system, arguments, cancellationToken));
        return new Command(system, $"Tend the {system} sinks.") { abort };
    }

    private async Task<int> RunAsync(string system, ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetRequiredValue(name) != TPipeline.Graph.Name)
        {
            await terminal.Error.WriteLineAsync($"This is the program of pipeline '{TPipeline.Graph.Name}'.");
            return ExitCode.Usage;
        }

        using var host = hosts.Build(arguments);
        var aborted = await host.Services.GetRequiredService<HostedPipeline>().Runner.AbortOrphansAsync(cancellationToken);
        foreach (var orphan in aborted)
        {
            await terminal.Out.WriteLineAsync($"fenced {orphan}: whatever it had open is aborted");
        }

        if (aborted.Count == 0)
        {
            await terminal.Out.WriteLineAsync($"Nothing that {system} sinks have open outlives their process.");
        }

        return ExitCode.Ok;
    }
}
