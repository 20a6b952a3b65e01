using System.CommandLine;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>SYSTEM abort PIPELINE</c>, as in <c>kafka abort orders</c>: ends transactions that a dead instance left open at a system of the pipeline's sinks.</summary>
internal sealed class AbortCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private const string SinkSuffix = "Sink";
    private const string Verb = "abort";

    private readonly Argument<string> name = new("pipeline") { Description = "The pipeline's name, to be sure." };

    private readonly Option<bool> force = new("--force")
    {
        Description = "Also when the pipeline runs: its instance is fenced, and starts anew from its last checkpoint.",
    };

    /// <summary>What to say to who asks for the verb of a system that the pipeline cannot have left anything open at; null when nobody does.</summary>
    public static string? Misuse(ParseResult arguments) => arguments.UnmatchedTokens is [var system, Verb, ..]
        ? $"Pipeline '{TPipeline.Graph.Name}' has no {system} sink that leaves a transaction open when its process dies: there is nothing to abort."
        : null;

    /// <summary>One verb for each system that the pipeline may leave transactions open at: the first word of <c>KafkaSink bus</c>.</summary>
    public IEnumerable<Command> Define() => TPipeline.Graph.Nodes
        .Where(node => node.LeavesTransactions)
        .Select(node => SystemOf(node.Detail ?? node.Id))
        .Distinct()
        .Select(Define);

    private static string SystemOf(string detail)
    {
        var connector = detail.Split(' ')[0];
        return (connector.EndsWith(SinkSuffix, StringComparison.Ordinal) ? connector[..^SinkSuffix.Length] : connector).ToLowerInvariant();
    }

    private Command Define(string system)
    {
        var abort = new Command(Verb, "End transactions that a dead instance left open, so that readers are not held back.") { name, force };
        abort.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return new Command(system, $"Tend the {system} sinks.") { abort };
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetRequiredValue(name) != TPipeline.Graph.Name)
        {
            await terminal.Error.WriteLineAsync($"This is the program of pipeline '{TPipeline.Graph.Name}'.");
            return ExitCode.Usage;
        }

        using var host = hosts.Build(arguments);
        var report = await host.Services.GetRequiredService<HostedPipeline>().Runner.AbortOrphansAsync(arguments.GetValue(force), cancellationToken);
        foreach (var orphan in report.Fenced)
        {
            await terminal.Out.WriteLineAsync($"fenced {orphan}: whatever it had open is aborted");
        }

        if (report.Running is { } running)
        {
            await terminal.Out.WriteLineAsync($"{running} It was fenced all the same, and has to start anew.");
        }

        return ExitCode.Ok;
    }
}
