using System.Diagnostics;
using System.Globalization;

namespace Shop;

/// <summary>The broker that <c>eng/kafka.sh</c> has started.</summary>
/// <param name="script">That script.</param>
/// <param name="folder">Where the broker lives.</param>
/// <param name="address">What clients connect to.</param>
/// <param name="output">Folder for what the tools print.</param>
public sealed class ScriptedBroker(string script, string folder, string address, string output) : IBroker
{
    private int runs;

    public string Address => address;

    public Task KillAsync(CancellationToken cancellationToken) => RunAsync($"{script} stop {folder} kill", CancellationToken.None);

    // Not given up half-way: a broker whose process id nobody knows could not be stopped.
    public Task StartAgainAsync(CancellationToken cancellationToken) => RunAsync($"{script} start demo {folder} 0 2>/dev/null", CancellationToken.None);

    public async Task<IEnumerable<string>> RunToolAsync(string mainClass, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var file = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"kafka.{Interlocked.Increment(ref runs)}.txt"));
        await RunAsync($"{script} cli {folder} {mainClass} \"$@\" > {file} 2> {file}.log", cancellationToken, arguments);
        return File.ReadLines(file);
    }

    // In a session of its own, so that Ctrl-C in the terminal does not end the script between two of its steps.
    private static async Task RunAsync(string command, CancellationToken cancellationToken, IEnumerable<string>? arguments = null)
    {
        using var process = Process.Start(new ProcessStartInfo("setsid", ["--wait", "bash", "-c", command, "bash", .. arguments ?? []]))
            ?? throw new InvalidOperationException("No shell could be started.");
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"'{command}' ended with {process.ExitCode}."));
        }
    }
}
