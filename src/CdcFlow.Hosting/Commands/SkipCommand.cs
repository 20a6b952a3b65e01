using System.CommandLine;
using CdcFlow.Hosting.Observation;
using CdcFlow.Runtime;
using CdcFlow.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>skip</c>: leaves everything out that was committed at a source up to a place in its log, where it stops the pipeline for good.</summary>
internal sealed class SkipCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private readonly Option<bool> yes = new("--yes") { Description = "Do not ask." };

    private readonly Option<KeyValuePair<string, string?>> to = new("--to")
    {
        HelpName = "connection=place",
        Required = true,
        Description = "Up to where in the log of this source, as its server writes places.",
        CustomParser = result => CommandLineOptions.ParsePlace(result.Tokens[0].Value, "--to", result.AddError),
    };

    public Command Define()
    {
        var command = new Command("skip", "Leave everything out that was committed at a source up to a place in its log. By hand, where nothing else gets past it: it is missing downstream.") { to, yes };
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
            await terminal.Error.WriteLineAsync("Nobody can be asked here, and nothing was changed. Add --yes to skip without a question.");
            return ExitCode.Usage;
        }

        var (connection, place) = arguments.GetValue(to);
        var report = await pipeline.Runner.SkipAsync(connection, place!, ConfirmAsync, cancellationToken);
        if (report is null)
        {
            await terminal.Out.WriteLineAsync("Nothing was changed.");
            return ExitCode.Failed;
        }

        Log.Skipped(pipeline.Log, connection, report.Skip.From, report.Skip.To, report.Checkpoint.ToString(), report.Skip.Sentence);
        await terminal.Out.WriteLineAsync(LogText.Printable($"Left out, in checkpoint {report.Checkpoint}. `run` goes on from {report.Skip.To}."));
        return ExitCode.Ok;

        async ValueTask<bool> ConfirmAsync(SourceSkip skip)
        {
            await terminal.Out.WriteLineAsync(LogText.Printable($"Source {connection}: {skip.Sentence}"));
            return !isAsked || await terminal.ConfirmAsync("Leave it out?", cancellationToken);
        }
    }
}
