using System.CommandLine;
using System.Runtime.InteropServices;
using CdcFlow.Hosting.Observation;
using CdcFlow.Hosting.Progress;
using CdcFlow.Runtime;
using CdcFlow.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>run</c>: runs the pipeline until it is stopped or, when asked to, until it has caught up.</summary>
internal sealed class RunCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal, CancellationToken stop)
    where TPipeline : ICdcPipeline<TPipeline>
{
    public Command Define(string name, string description)
    {
        var command = new Command(name, description);
        AddTo(command);
        return command;
    }

    /// <summary>Makes a command this verb: also the root, whose default it is.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(CommandLineOptions.UntilCaughtUp);
        command.Options.Add(CommandLineOptions.NoProgress);
        command.Options.Add(CommandLineOptions.JsonLog);
        StartOrders.AddTo(command);
        command.SetAction((arguments, _) => RunAsync(arguments));
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        using var host = hosts.Build(arguments, options => StartOrders.Adjust(options, arguments) with
        {
            Boundedness = arguments.GetValue(CommandLineOptions.UntilCaughtUp) ? Boundedness.UntilCaughtUp : Boundedness.Continuous,
        }, Display(arguments));
        using var abort = AbortOnSecondInterrupt();
        using var hangUp = StopOnHangUp(host.Services.GetRequiredService<IHostApplicationLifetime>());
        HostedPipeline[] pipelines = [.. host.Services.GetServices<HostedPipeline>()];
        await host.RunAsync(stop);
        return ExitCode.Of(pipelines.FirstOrDefault(pipeline => pipeline.Status.Phase == PipelinePhase.Failed)?.Status.Error);
    }

    private TerminalProgress? Display(ParseResult arguments) =>
        terminal.Console is { } console && !arguments.GetValue(CommandLineOptions.NoProgress) && !arguments.GetValue(CommandLineOptions.JsonLog) ? new TerminalProgress(console) : null;

    /// <summary>A terminal or a session that closes stops the pipeline as SIGTERM does, which the host answers by itself.</summary>
    private static PosixSignalRegistration StopOnHangUp(IHostApplicationLifetime lifetime) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        lifetime.StopApplication();
    });

    /// <summary>The host answers the first interrupt by a final checkpoint. Whoever presses again will not wait; a crash loses nothing.</summary>
    private PosixSignalRegistration AbortOnSecondInterrupt()
    {
        var interrupts = 0;
        return PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            if (Interlocked.Increment(ref interrupts) == 2)
            {
                terminal.Error.WriteLine("Aborted. The next start goes on from the last checkpoint.");
                Environment.Exit(ExitCode.Interrupted);
            }
        });
    }
}
