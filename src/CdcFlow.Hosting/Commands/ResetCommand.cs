using System.CommandLine;
using CdcFlow.Hosting.Observation;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>reset</c>: takes away what the pipeline has made beside rows, for who wants to begin afresh or is done with it.</summary>
internal sealed class ResetCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private readonly Option<bool> yes = new("--yes") { Description = "Do not ask." };

    private readonly Option<bool> rejects = new("--rejects") { Description = "Take away the rejected changes that the sinks keep, too." };

    public Command Define()
    {
        var command = new Command("reset", "Take away what the pipeline has made beside rows: slot, publication, markers, checkpoints. The next start is a first one.") { yes, rejects };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var host = hosts.Build(arguments);
        var pipeline = host.Services.GetRequiredService<HostedPipeline>();
        var isAsked = !arguments.GetValue(yes);
        if (isAsked && terminal.In is null)
        {
            await terminal.Error.WriteLineAsync("Nobody can be asked here, and nothing was changed. Add --yes to reset without a question.");
            return ExitCode.Usage;
        }

        var directory = pipeline.Configuration.Store.Directory;
        var isTold = false;
        var plan = await pipeline.Runner.ResetAsync(arguments.GetValue(rejects), ConfirmAsync, removed => Say([ResetText.Removed(removed)]), cancellationToken);
        if (plan is null)
        {
            Say(["Nothing was changed."]);
            return ExitCode.Failed;
        }

        Say(isTold ? [.. ResetText.Done(plan, directory)] : [.. ResetText.Found(plan, directory), "Nothing is left to take away, and nothing was changed."]);
        return ExitCode.Ok;

        async ValueTask<bool> ConfirmAsync(ResetPlan found)
        {
            isTold = true;
            Say([.. ResetText.Found(found, directory), .. isAsked ? ResetText.Next(found) : []]);
            return !isAsked || await terminal.ConfirmAsync($"Reset pipeline '{pipeline.Graph.Name}'?", cancellationToken);
        }
    }

    private void Say(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            terminal.Out.WriteLine(LogText.Printable(line));
        }
    }
}
