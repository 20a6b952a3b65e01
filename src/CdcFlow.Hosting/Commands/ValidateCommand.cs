using System.CommandLine;
using CdcFlow.Configuration;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>validate</c>: checks configuration, servers and store without changing anything, and prints what fixes each failure.</summary>
internal sealed class ValidateCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    public Command Define()
    {
        var command = new Command("validate", "Check configuration, servers, grants and the checkpoint store; change nothing.") { CommandLineOptions.Json };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var host = hosts.Build(arguments);
        var pipeline = host.Services.GetRequiredService<HostedPipeline>();
        var reports = await CheckAsync(pipeline, cancellationToken);
        await (arguments.GetValue(CommandLineOptions.Json) ? PreflightText.WriteJsonAsync(reports, terminal.Out) : PreflightText.WriteAsync(reports, terminal.Out));
        return reports.All(report => report.Passed) ? ExitCode.Ok : ExitCode.Invalid;
    }

    private static async Task<IReadOnlyList<PreflightReport>> CheckAsync(HostedPipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            return
            [
                .. pipeline.UnknownPipelines.Count == 0 ? (PreflightReport[])[] : [new PreflightReport("configuration", pipeline.UnknownPipelines)],
                .. await pipeline.Runner.PreflightAsync(cancellationToken),
                await StorePreflight.CheckAsync(pipeline, cancellationToken),
            ];
        }
        catch (ConfigurationInvalidException error)
        {
            return [new PreflightReport("configuration", [.. error.Problems.Select(Check)])];
        }
    }

    private static PreflightCheck Check(ConfigurationProblem problem) => new(
        problem.Key,
        PreflightStatus.Failed,
        $"{problem.Sentence} (environment: {ConfigurationInvalidException.EnvironmentName(problem.Key)}).",
        problem.Code);
}
