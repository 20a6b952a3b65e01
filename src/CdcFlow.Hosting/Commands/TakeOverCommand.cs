using System.CommandLine;
using CdcFlow.Hosting.Observation;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>takeover</c>: makes the configured store the owner of sinks that another store's instance has opened, for who really means it.</summary>
internal sealed class TakeOverCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private readonly Option<bool> yes = new("--yes") { Description = "Do not ask." };

    public Command Define()
    {
        var command = new Command("takeover", "Make this pipeline's checkpoint store the owner of its sinks; an instance that runs on another store is fenced.") { yes };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var host = hosts.Build(arguments);
        var pipeline = host.Services.GetRequiredService<HostedPipeline>();
        if (!arguments.GetValue(yes) && terminal.In is null)
        {
            await terminal.Error.WriteLineAsync("Nobody can be asked here, and nothing was changed. Add --yes to take over without a question.");
            return ExitCode.Usage;
        }

        var report = await pipeline.Runner.TakeOverAsync(
            question => ConfirmAsync(question, arguments.GetValue(yes), pipeline.Configuration.Store.Directory, cancellationToken), cancellationToken);
        await terminal.Out.WriteLineAsync(report is null ? "Nothing was changed." : LogText.Printable(TakeOverText.Done(report)));
        return report is null ? ExitCode.Failed : ExitCode.Ok;
    }

    private async ValueTask<bool> ConfirmAsync(TakeOverQuestion question, bool isSaid, string directory, CancellationToken cancellationToken)
    {
        foreach (var owner in question.Sinks.Select(TakeOverText.Owner).Concat(question.Sources.Select(TakeOverText.Owner)))
        {
            await terminal.Out.WriteLineAsync(LogText.Printable(owner));
        }

        return isSaid || await terminal.ConfirmAsync($"Make the store in {directory} their owner? An instance that still runs on the other store ends.", cancellationToken);
    }
}
