using CdcFlow.Hosting.Commands;
using CdcFlow.Runtime;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Tests;

/// <summary>What a pipeline's program did in this process.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Results.</param>
/// <param name="Error">The error stream: log lines and errors.</param>
internal sealed record ProgramRun(int Code, string Output, string Error)
{
    /// <summary>Everything written anywhere.</summary>
    public string All => Output + Error;

    /// <summary>Runs the program; <paramref name="stop"/> stops it as SIGTERM does.</summary>
    public static async Task<ProgramRun> OfAsync<TPipeline>(
        string[] args, Action<IHostApplicationBuilder>? configure = null, CancellationTokenSource? stop = null, string? answer = null)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error), Console: null) { In = answer is null ? null : new StringReader(answer) };
        var code = await PipelineProgram<TPipeline>.RunAsync(args, configure, terminal, stop?.Token ?? CancellationToken.None);
        return new ProgramRun(code, output.ToString(), error.ToString());
    }
}
