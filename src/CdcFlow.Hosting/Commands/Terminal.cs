using Spectre.Console;

namespace CdcFlow.Hosting.Commands;

/// <summary>Where a program writes: results and log lines to the output, errors to the error stream.</summary>
/// <param name="Out">The output.</param>
/// <param name="Error">The error stream.</param>
/// <param name="Console">The output as a terminal that can be drawn on; null when it is a file, a pipe or a test.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Console)
{
    /// <summary>The process's own.</summary>
    public static Terminal System() => new(
        global::System.Console.Out, global::System.Console.Error, global::System.Console.IsOutputRedirected ? null : AnsiConsole.Console);

    /// <summary>Writes a line of the log: above whatever is drawn.</summary>
    public void WriteLine(string line)
    {
        if (Console is not null)
        {
            Console.Write(new Text(line + Environment.NewLine));
            return;
        }

        Out.WriteLine(line);
        Out.Flush();
    }
}
