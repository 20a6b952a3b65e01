using CdcFlow.Hosting.Commands;
using CdcFlow.Runtime;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting;

/// <summary>A whole program out of one pipeline: host, configuration, logging and command line.</summary>
public static class CdcFlowApp
{
    /// <summary>Runs the program: <c>run</c> (when no verb is given), <c>validate</c>, <c>graph</c>, <c>checkpoints</c>; <c>--help</c> tells more.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Adds what the pipeline's constructor needs, and anything else that a host can have.</param>
    /// <returns>The exit code: see <see cref="ExitCode"/>. Errors are written to the console, not thrown.</returns>
    public static Task<int> RunAsync<TPipeline>(string[] args, Action<IHostApplicationBuilder>? configure = null)
        where TPipeline : ICdcPipeline<TPipeline> =>
        PipelineProgram<TPipeline>.RunAsync(args, configure, Terminal.System(), CancellationToken.None);
}
