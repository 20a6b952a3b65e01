using System.Diagnostics;

namespace CdcFlow.Benchmarks.Measure;

/// <summary>One run of a whole process: what it took, and the last line it printed.</summary>
/// <param name="Wall">From start to exit.</param>
/// <param name="Cpu">User and system time of the process, not of the server.</param>
/// <param name="LastLine">The last line of its standard output.</param>
internal sealed record Run(TimeSpan Wall, TimeSpan Cpu, string LastLine)
{
    internal static async Task<Run> OfAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var cpu = ChildUsage.Cpu;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var last = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            last = line.Length == 0 ? last : line;
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new Run(clock.Elapsed, ChildUsage.Cpu - cpu, last)
            : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}; last line: {last}");
    }
}
