using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A pipeline over <c>public.document</c> as a program of its own, whose memory is therefore its own.</summary>
/// <param name="database">The source, and the PostgreSQL sink's target.</param>
/// <param name="sink"><c>null</c>, <c>files</c> or <c>postgres</c>.</param>
internal sealed partial class LargeRowsProgram(TestDatabase database, string sink) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-large-").FullName;

    /// <summary>Environment variables of the program.</summary>
    internal Dictionary<string, string> Environment { get; } = [];

    /// <summary>Runs until the source is caught up.</summary>
    /// <returns>The exit code, what was printed, and the megabytes that the process held at most.</returns>
    internal async Task<(int ExitCode, string Output, long PeakMegabytes)> RunAsync()
    {
        using var process = Start("--until-caught-up");
        var log = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await log;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, long.Parse(Peak().Match(output).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Starts it, to go on until it is killed.</summary>
    internal Process Start(params string[] more)
    {
        var start = new ProcessStartInfo(Program, [
            sink, "run", "--no-progress", .. more, .. Set("ConnectionStrings:shop", database.ConnectionString), .. Set("ConnectionStrings:files", Path.Combine(folder, "files")),
            .. Set("ConnectionStrings:null", "nowhere"), .. Set($"CdcFlow:large-{sink}:Checkpoint:Store", Path.Combine(folder, "checkpoints")), .. Set($"CdcFlow:large-{sink}:Sources:shop:Slot", database.Name)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = more.Contains("--until-caught-up"),
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Reads until the sink says what the process holds.</summary>
    internal static async Task<long> HoldsAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (Holds().Match(line) is { Success: true } match)
            {
                return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        }

        throw new EndOfStreamException("The program has ended.");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Program =>
        typeof(LargeRowsProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "LargeRows").Value!;

    private static string[] Set(string key, string value) => ["--set", $"{key}={value}"];

    [GeneratedRegex("peak ([0-9]+)")]
    private static partial Regex Peak();

    [GeneratedRegex("holds ([0-9]+)")]
    private static partial Regex Holds();
}
