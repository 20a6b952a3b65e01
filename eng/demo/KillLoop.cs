using System.Diagnostics;

namespace Shop;

/// <summary>What happened to the pipeline before the comparison.</summary>
public sealed record KillReport(int Kills, long RowsChanged, TimeSpan Elapsed, TimeSpan CatchUp);

/// <summary>Runs the pipeline under load, kills it with -9 at moments that a seed chooses, and at last lets it finish.</summary>
public static class KillLoop
{
    /// <param name="pipeline">What is killed.</param>
    /// <param name="load">What writes meanwhile.</param>
    /// <param name="kills">How often.</param>
    /// <param name="lives">Shortest and longest life. Every other one is counted from the process' start, so that some die before they have connected,
    /// and every other from the first rows that it has committed, so that the pipeline gets on however slow the machine is.</param>
    /// <param name="seed">What the moments are made from.</param>
    /// <param name="killed">Told after every kill.</param>
    /// <param name="cancellationToken">Stops load and pipeline.</param>
    public static async Task<KillReport> RunAsync(
        PipelineProcess pipeline, ShopLoad load, int kills, (TimeSpan Shortest, TimeSpan Longest) lives, int seed, Action<int> killed,
        CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var started = Stopwatch.StartNew();
        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = load.RunAsync(stopLoad.Token);
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await pipeline.RunAndKillAsync(lives.Shortest + (lives.Longest - lives.Shortest) * random.NextDouble(), fromProgress: kill % 2 == 0, cancellationToken);
                killed(kill);
            }
        }
        finally
        {
            await stopLoad.CancelAsync();
            await writing;
        }

        var killing = started.Elapsed;
        await pipeline.CatchUpAsync(cancellationToken);
        return new KillReport(kills, load.Rows, started.Elapsed, started.Elapsed - killing);
    }
}
