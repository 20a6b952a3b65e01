using System.Diagnostics;
using System.Globalization;

namespace Shop;

/// <summary>The pipeline as its users run it: a process of its own, that a kill -9 ends without a word.</summary>
/// <param name="program">The built executable of samples/Orders.</param>
/// <param name="server">What it reads from and writes to.</param>
/// <param name="folder">Where it keeps its checkpoints and writes its files; the same for every run of one pipeline.</param>
/// <param name="log">Where its output goes; null: to this terminal.</param>
public sealed class PipelineProcess(string program, ShopServer server, string folder, string? log)
{
    private static readonly TimeSpan progressWithin = TimeSpan.FromMinutes(2);

    private readonly string auditFolder = Path.Combine(folder, "files", "audit");

    public string FilesFolder { get; } = Path.Combine(folder, "files");

    /// <summary>Runs the pipeline and kills it with signal 9 after <paramref name="life"/>.</summary>
    /// <param name="life">How long it lives.</param>
    /// <param name="fromProgress">Whether that is counted from the first rows that it has committed, so that it surely gets somewhere; otherwise from its start.</param>
    /// <param name="cancellationToken">Kills it now.</param>
    /// <exception cref="InvalidOperationException">It ended by itself before, or commits nothing.</exception>
    public async Task RunAndKillAsync(TimeSpan life, bool fromProgress, CancellationToken cancellationToken)
    {
        var before = NewestFile();
        using var process = Start("run");
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (fromProgress)
            {
                await WaitForProgressAsync(process, before, cancellationToken);
            }

            ended.CancelAfter(life);
            await process.WaitForExitAsync(ended.Token);
            cancellationToken.ThrowIfCancellationRequested();   // Ctrl-C reaches both of us
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The pipeline ended by itself with exit code {process.ExitCode} where it should have run until it was killed. {LogTail()}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await KillAsync(process);
        }
    }

    /// <summary>Runs the pipeline until it has handed over everything that is in the source.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using var process = Start("run", "--until-caught-up");
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            await KillAsync(process);
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The pipeline could not catch up: exit code {process.ExitCode}. {LogTail()}"));
        }
    }

    // Published files are named for their checkpoint, so that the newest sorts last; a checkpoint without rows publishes none.
    private string? NewestFile() =>
        Directory.Exists(auditFolder) ? Directory.EnumerateFiles(auditFolder, "*.jsonl").Max(StringComparer.Ordinal) : null;

    private async Task WaitForProgressAsync(Process process, string? before, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var started = Stopwatch.GetTimestamp();
        while (NewestFile() == before && !process.HasExited)
        {
            if (Stopwatch.GetElapsedTime(started) > progressWithin)
            {
                throw new InvalidOperationException($"The pipeline committed no row within {progressWithin}. {LogTail()}");
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private Process Start(params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        // Through a shell where the output goes to a file: a pipe would die with its reader, and block without one.
        var start = log is null
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >> \"$log\" 2>&1", "sh", log, program, .. arguments]);
        start.WorkingDirectory = folder;
        start.Environment["ConnectionStrings__shop"] = server.PipelineShop;
        start.Environment["ConnectionStrings__warehouse"] = server.PipelineWarehouse;
        start.Environment["ConnectionStrings__files"] = FilesFolder;
        start.Environment["CdcFlow__orders__Checkpoint__Store"] = Path.Combine(folder, "checkpoints");
        start.Environment["CdcFlow__orders__Checkpoint__Interval"] = "00:00:00.200";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private string LogTail() => log is null || !File.Exists(log) ? "" : $"Its last words: {string.Join('\n', File.ReadLines(log).TakeLast(15))}";
}
