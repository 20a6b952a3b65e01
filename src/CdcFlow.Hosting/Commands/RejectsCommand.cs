using System.CommandLine;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>rejects</c>: reads back what was set aside. Takes no lease and changes nothing, so it works while the pipeline runs.</summary>
internal sealed class RejectsCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private readonly Option<int> max = new("--max") { HelpName = "number", DefaultValueFactory = _ => 100, Description = "How many of each sink connection at most." };

    public Command Define()
    {
        max.Validators.Add(result =>
        {
            if (result.GetValue(max) < 1)
            {
                result.AddError("--max takes a number from 1 on.");
            }
        });
        var list = new Command("list", "List the rejected changes that the sinks keep, newest first; with --json, their rows too.") { CommandLineOptions.Json, max };
        list.SetAction((arguments, cancellationToken) => ListAsync(arguments, cancellationToken));
        return new Command("rejects", "Look at changes that were set aside (OnError = DeadLetter).") { list };
    }

    private async Task<int> ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var host = hosts.Build(arguments);
        var rejects = await host.Services.GetRequiredService<HostedPipeline>().Runner.RejectsAsync(arguments.GetValue(max), cancellationToken);
        await terminal.Out.WriteLineAsync(arguments.GetValue(CommandLineOptions.Json) ? RejectText.Json(rejects) : RejectText.Lines(rejects));
        return ExitCode.Ok;
    }
}
