using System.CommandLine;
using CdcFlow.Configuration;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>validate</c>: makes the checks that <c>run</c> makes, given the same orders, without changing anything, and prints what fixes each failure.</summary>
internal sealed class ValidateCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    public Command Define()
    {
        var command = new Command("validate", "Check configuration, servers, grants and the checkpoint store as run does, with its options; change nothing.") { CommandLineOptions.Json };
        StartOrders.AddTo(command);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var reports = await ReportAsync(arguments, cancellationToken);
        await (arguments.GetValue(CommandLineOptions.Json) ? PreflightText.WriteJsonAsync(reports, terminal.Out) : PreflightText.WriteAsync(reports, terminal.Out));
        return reports.All(report => report.Passed) ? ExitCode.Ok : ExitCode.Invalid;
    }

    private async Task<IReadOnlyList<PreflightReport>> ReportAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var host = hosts.Build(arguments, options => StartOrders.Adjust(options, arguments));
            return await CheckAsync(host.Services.GetRequiredService<HostedPipeline>(), cancellationToken);
        }
        catch (ConfigurationInvalidException error)
        {
            return [new PreflightReport("configuration", [.. error.Problems.Select(Check)])];
        }
        catch (CdcFlowException error) when (error.Code != HostingErrorCodes.SettingsUnreadable)
        {
            // What the pipeline is made of does not go together, so that there is nothing yet to check.
            return [new PreflightReport("pipeline", [new PreflightCheck("program", PreflightStatus.Failed, error.Happened, error.Code, error.Fix)])];
        }
    }

    private static async Task<IReadOnlyList<PreflightReport>> CheckAsync(HostedPipeline pipeline, CancellationToken cancellationToken)
    {
        var reports = await pipeline.Runner.PreflightAsync(cancellationToken);
        var store = reports[^1];
        return
        [
            .. pipeline.UnknownPipelines.Count == 0 ? (PreflightReport[])[] : [new PreflightReport("configuration", pipeline.UnknownPipelines)],
            .. reports.SkipLast(1),
            store with { Checks = [store.Checks[0], .. await StoreContents.ReadAsync(pipeline, cancellationToken), .. store.Checks.Skip(1)] },
        ];
    }

    private static PreflightCheck Check(ConfigurationProblem problem) => new(
        problem.Key,
        PreflightStatus.Failed,
        $"{problem.Sentence} (environment: {ConfigurationInvalidException.EnvironmentName(problem.Key)}).",
        problem.Code);
}
