using System.Diagnostics;
using System.Globalization;

namespace Shop;

/// <summary>The pipeline as its users run it: a process of its own, that a kill -9 ends without a word.</summary>
/// <param name="program">The sample's built executable.</param>
/// <param name="scenario">What it is.</param>
/// <param name="server">What it reads from.</param>
/// <param name="folder">Where it keeps its checkpoints; the same for every run of one pipeline.</param>
/// <param name="log">Where its output goes; null: to this terminal.</param>
public sealed class PipelineProcess(string program, IScenario scenario, ShopServer server, string folder, string? log)
{
    private const int LastLines = 40;

    private static readonly TimeSpan caughtUpWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan often = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan never = TimeSpan.FromDays(1);

    private readonly string checkpoints = Path.Combine(folder, "checkpoints");

    /// <summary>The end of its log; empty where it has none.</summary>
    public string LastWords => log is null || !File.Exists(log) ? "" : string.Join('\n', File.ReadLines(log).TakeLast(LastLines));

    /// <summary>Runs the pipeline and kills it with signal 9.</summary>
    /// <param name="live">What happens in its life; when this has returned, it is killed.</param>
    /// <param name="makesCheckpoints">Whether it may commit anything in this life.</param>
    /// <param name="cancellationToken">Kills it now.</param>
    /// <exception cref="InvalidOperationException">It ended by itself before, or commits nothing.</exception>
    public async Task RunAndKillAsync(Func<PipelineLife, Task> live, bool makesCheckpoints, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var process = Start(makesCheckpoints ? often : never, "run");
        var exit = process.WaitForExitAsync(cancellationToken);
        var life = live(new PipelineLife(checkpoints, ended.Token));
        try
        {
            if (await Task.WhenAny(life, exit) == life)
            {
                await life;
                return;
            }

            await exit;
            cancellationToken.ThrowIfCancellationRequested();   // Ctrl-C reaches both of us
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The pipeline ended by itself with exit code {process.ExitCode} where it should have run until it was killed."));
        }
        finally
        {
            await ended.CancelAsync();
            await KillAsync(process);
            await life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // told by whoever looked first
        }
    }

    /// <summary>Runs the pipeline until it has handed over everything that is in the source.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(caughtUpWithin);
        using var process = Start(often, "run", "--until-caught-up");
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The pipeline has not caught up within {caughtUpWithin}.");
        }
        finally
        {
            await KillAsync(process);
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The pipeline could not catch up: exit code {process.ExitCode}."));
        }
    }

    /// <summary>Starts the pipeline, to run until somebody ends it.</summary>
    public Process Start() => Start(often, "run");

    /// <summary>How it is getting on, while it runs.</summary>
    public PipelineLife Watch(CancellationToken ended) => new(checkpoints, ended);

    private Process Start(TimeSpan checkpointEvery, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        // Through a shell where the output goes to a file: a pipe would die with its reader, and block without one.
        var start = log is null
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >> \"$log\" 2>&1", "sh", log, program, .. arguments]);
        start.WorkingDirectory = folder;
        start.Environment["ConnectionStrings__shop"] = server.PipelineShop;
        foreach (var (name, connectionString) in scenario.Sinks)
        {
            start.Environment[$"ConnectionStrings__{name}"] = connectionString;
        }

        start.Environment[$"CdcFlow__{scenario.Pipeline}__Checkpoint__Store"] = checkpoints;
        start.Environment[$"CdcFlow__{scenario.Pipeline}__Checkpoint__Interval"] = checkpointEvery.ToString("c", CultureInfo.InvariantCulture);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
