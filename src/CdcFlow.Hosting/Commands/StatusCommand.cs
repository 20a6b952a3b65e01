using System.CommandLine;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>status</c>: how every pipeline of the program stands. Starts and changes nothing, so it works while they run, and while servers are away.</summary>
internal sealed class StatusCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    public Command Define()
    {
        var command = new Command("status", "Tell how the pipeline stands: store, lease, sources, sinks, and what a start would do; change nothing.") { CommandLineOptions.Json };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var host = hosts.Build(arguments);
        var all = new List<NamedStanding>();
        foreach (var pipeline in host.Services.GetServices<HostedPipeline>())
        {
            all.Add(new NamedStanding(
                pipeline.Graph.Name, pipeline.Configuration.Store.Directory, pipeline.Time.GetUtcNow(), await pipeline.Runner.StandingAsync(cancellationToken)));
        }

        await terminal.Out.WriteLineAsync(arguments.GetValue(CommandLineOptions.Json) ? StatusJson.Of(all) : string.Join('\n', all.SelectMany(StatusText.Lines)));
        return all.All(named => named.Standing.IsWhole) ? ExitCode.Ok : ExitCode.Failed;
    }
}

/// <summary>How a pipeline stands, and when that was.</summary>
/// <param name="Pipeline">Its name.</param>
/// <param name="Directory">The folder of its store.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Standing">What was found.</param>
internal sealed record NamedStanding(string Pipeline, string Directory, DateTimeOffset At, PipelineStanding Standing);
