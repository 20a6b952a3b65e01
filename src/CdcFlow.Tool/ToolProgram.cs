using System.CommandLine;
using CdcFlow.Hosting;
using CdcFlow.Hosting.Commands;
using CdcFlow.Hosting.Observation;
using CdcFlow.Tool.Scaffold;
using CdcFlow.Tool.Schema;

namespace CdcFlow.Tool;

/// <summary>The verbs of the command <c>cdcflow</c>, which needs no pipeline.</summary>
internal static class ToolProgram
{
    /// <summary>Parses the command line and does what it says.</summary>
    /// <returns>The exit code: see <see cref="ExitCode"/>. Errors are written to the error stream, not thrown.</returns>
    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var verbose = new Option<bool>("--verbose", "-v") { Recursive = true, Description = "Show stack traces." };
        var parsed = new RootCommand("Tools for CdcFlow's pipelines.") { verbose, ScaffoldCommand.Define(terminal), SchemaCommand.Define(terminal) }.Parse(args);
        try
        {
            var code = await parsed.InvokeAsync(
                new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false }, cancellationToken);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (Exception error)
        {
            terminal.TryWriteError(LogText.Printable(parsed.GetValue(verbose) ? error.ToString() : FailureText.Of(error)));
            return ExitCode.Of(error);
        }
    }
}
