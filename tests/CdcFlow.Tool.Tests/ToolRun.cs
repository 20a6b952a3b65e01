using CdcFlow.Hosting.Commands;

namespace CdcFlow.Tool.Tests;

/// <summary>What the command did in this process.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">The error stream.</param>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    /// <summary>Runs the command.</summary>
    public static async Task<ToolRun> OfAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ToolProgram.RunAsync(args, new Terminal(output, error, Console: null), TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}
