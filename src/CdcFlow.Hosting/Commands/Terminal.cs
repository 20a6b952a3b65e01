using Spectre.Console;

namespace CdcFlow.Hosting.Commands;

/// <summary>Where a program writes: results (and the rows of a console sink) to the output; the log, progress and errors to the error stream.</summary>
/// <param name="Out">The output.</param>
/// <param name="Error">The error stream.</param>
/// <param name="Console">The error stream as a terminal that can be drawn on; null when it is a file, a pipe or a test.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Console)
{
    private long linesLost;

    /// <summary>Where a person answers; null when nobody sits there.</summary>
    public TextReader? In { get; init; }

    /// <summary>The process's own. One that is closed takes nothing, and says so when it is written.</summary>
    public static Terminal System() => new(
        ClosedWriter.Or(() => global::System.Console.Out), ClosedWriter.Or(() => global::System.Console.Error),
        global::System.Console.IsErrorRedirected ? null : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new DrawnWriter(global::System.Console.Error)) }))
    {
        In = global::System.Console.IsInputRedirected ? null : global::System.Console.In,
    };

    /// <summary>Asks the person who sits there; anything but a yes is a no.</summary>
    public async ValueTask<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        await Out.WriteAsync($"{question} [y/N] ");
        await Out.FlushAsync(cancellationToken);
        return await In!.ReadLineAsync(cancellationToken) is { } answer && answer.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Writes a line of the log: above whatever is drawn. A log that cannot be written (closed, its disk full, its reader gone) does not stop a
    /// pipeline: how many lines are lost is said as soon as one can be written again.</summary>
    public void WriteLine(string line)
    {
        try
        {
            if (linesLost > 0)
            {
                Put($"{HostingErrorCodes.OutputFailed}: {linesLost} lines of the log could not be written before this one.");
            }

            Put(line);
            linesLost = 0;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            linesLost++;
        }
    }

    /// <summary>Writes to the error stream, and does without where that fails too: the exit code remains.</summary>
    public void TryWriteError(string line)
    {
        try
        {
            Error.WriteLine(line);
            Error.Flush();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
        }
    }

    private void Put(string line)
    {
        if (Console is not null)
        {
            Console.Write(new Text(line + Environment.NewLine));
            if (Console.Profile.Out.Writer is DrawnWriter { Failure: { } failure })
            {
                throw failure;
            }

            return;
        }

        Error.WriteLine(line);
        Error.Flush();
    }
}
