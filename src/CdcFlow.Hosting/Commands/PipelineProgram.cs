using System.CommandLine;
using CdcFlow.Hosting.Observation;
using CdcFlow.Runtime;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Commands;

/// <summary>The verbs of a pipeline's program.</summary>
internal static class PipelineProgram<TPipeline>
    where TPipeline : ICdcPipeline<TPipeline>
{
    /// <summary>Parses the command line and does what it says.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Adds services to the host.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="stop">Stops a run in good order, as SIGTERM does.</param>
    public static async Task<int> RunAsync(string[] args, Action<IHostApplicationBuilder>? configure, Terminal terminal, CancellationToken stop)
    {
        var parsed = Root(new PipelineHostFactory<TPipeline>(configure, terminal), terminal, stop).Parse(args);
        if (AbortCommand<TPipeline>.Misuse(parsed) is { } misuse)
        {
            await terminal.Error.WriteLineAsync(misuse);
            return ExitCode.Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // The host answers signals itself: it makes a final checkpoint, which may take longer than any fixed time.
            ProcessTerminationTimeout = null,
        };
        try
        {
            var code = await parsed.InvokeAsync(invocation, CancellationToken.None);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (Exception error)
        {
            terminal.TryWriteError(Describe(error, parsed.GetValue(CommandLineOptions.Verbose)));
            return ExitCode.Of(error);
        }
    }

    private static RootCommand Root(PipelineHostFactory<TPipeline> hosts, Terminal terminal, CancellationToken stop)
    {
        var name = TPipeline.Graph.Name;
        var root = new RootCommand($"The pipeline '{name}'. Without a verb: run.")
        {
            CommandLineOptions.Verbose,
            CommandLineOptions.Environment,
            CommandLineOptions.Set,
            new RunCommand<TPipeline>(hosts, terminal, stop).Define("run", "Run until stopped: SIGTERM or Ctrl-C makes a final checkpoint and ends; a second Ctrl-C aborts."),
            new ValidateCommand<TPipeline>(hosts, terminal).Define(),
            new StatusCommand<TPipeline>(hosts, terminal).Define(),
            GraphCommand.Define(TPipeline.Graph, terminal),
            new CheckpointsCommand<TPipeline>(hosts, terminal).Define(),
            new RejectsCommand<TPipeline>(hosts, terminal).Define(),
            new TakeOverCommand<TPipeline>(hosts, terminal).Define(),
            new SkipCommand<TPipeline>(hosts, terminal).Define(),
            new ResetCommand<TPipeline>(hosts, terminal).Define(),
        };
        foreach (var verb in new AbortCommand<TPipeline>(hosts, terminal).Define())
        {
            root.Add(verb);
        }

        new RunCommand<TPipeline>(hosts, terminal, stop).AddTo(root);
        return root;
    }

    private static string Describe(Exception error, bool isVerbose) => LogText.Printable(
        isVerbose ? error.ToString()
        : error is IOException ? $"{HostingErrorCodes.OutputFailed}: The result cannot be written: {error.Message} Make room, or send the output elsewhere."
        : FailureText.OfCommand(error));
}
