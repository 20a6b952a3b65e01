using System.Diagnostics;

namespace Shop;

/// <summary>What is killed, how often, and when.</summary>
/// <param name="Kills">Kills of the pipeline.</param>
/// <param name="Lives">Shortest and longest life. Every other one is counted from the process' start, so that some die before they have connected,
/// and every other from the first rows that it has committed, so that the pipeline gets on however slow the machine is.</param>
/// <param name="Seed">What the moments are made from.</param>
/// <param name="BrokerKills">Kills of the broker, spread over the lives of the pipeline; at most as many as those.</param>
public sealed record KillPlan(int Kills, (TimeSpan Shortest, TimeSpan Longest) Lives, int Seed, int BrokerKills = 0)
{
    /// <summary>How many brokers have been killed when this life of the pipeline ends.</summary>
    public int BrokerKillsUntil(int kill) => (int)((long)kill * BrokerKills / Kills);
}

/// <summary>What happened to the pipeline before the comparison.</summary>
public sealed record KillReport(int Kills, int BrokerKills, long RowsChanged, TimeSpan Elapsed, TimeSpan CatchUp);

/// <summary>Runs the pipeline under load, kills it with -9 at moments that a seed chooses, and at last lets it finish.</summary>
/// <param name="pipeline">What is killed.</param>
/// <param name="load">What writes meanwhile.</param>
/// <param name="broker">What is killed besides; null where nothing is.</param>
/// <param name="plan">How often and when.</param>
public sealed class KillLoop(PipelineProcess pipeline, ShopLoad load, IBroker? broker, KillPlan plan)
{
    private readonly Random random = new(plan.Seed);

    /// <summary>Kills as planned.</summary>
    /// <param name="killed">Told after every kill of the pipeline.</param>
    /// <param name="cancellationToken">Stops load and pipeline.</param>
    public async Task<KillReport> RunAsync(Action<int> killed, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = load.RunAsync(stopLoad.Token);
        try
        {
            for (var kill = 1; kill <= plan.Kills; kill++)
            {
                await LiveOnceAsync(kill, cancellationToken);
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
        return new KillReport(plan.Kills, plan.BrokerKills, load.Rows, started.Elapsed, started.Elapsed - killing);
    }

    private async Task LiveOnceAsync(int kill, CancellationToken cancellationToken)
    {
        var brokerKills = plan.BrokerKillsUntil(kill);
        if (broker is null || brokerKills == plan.BrokerKillsUntil(kill - 1))
        {
            await pipeline.RunAndKillAsync(life => PassAsync(life, fromProgress: kill % 2 == 0), cancellationToken);
        }
        else if (brokerKills % 2 == 0)
        {
            await pipeline.RunAndKillAsync(life => OutliveAsync(broker, life), cancellationToken);
        }
        else
        {
            await pipeline.RunAndKillAsync(life => DieAfterAsync(broker, life), cancellationToken);
            await broker.StartAgainAsync(cancellationToken);
        }
    }

    private async Task PassAsync(PipelineLife life, bool fromProgress)
    {
        if (fromProgress)
        {
            await life.ProgressAsync();
        }

        await life.PassAsync(Moment(plan.Lives.Shortest, plan.Lives.Longest));
    }

    /// <summary>The broker dies and comes back, and the pipeline goes on by itself before it is killed, too.</summary>
    private async Task OutliveAsync(IBroker killed, PipelineLife life)
    {
        await DieAfterAsync(killed, life);
        await killed.StartAgainAsync(CancellationToken.None);
        await PassAsync(life, fromProgress: true);
    }

    /// <summary>The broker dies, and the pipeline is killed before it is back.</summary>
    private async Task DieAfterAsync(IBroker killed, PipelineLife life)
    {
        await PassAsync(life, fromProgress: true);
        await killed.KillAsync(CancellationToken.None);
        await life.PassAsync(Moment(TimeSpan.Zero, plan.Lives.Shortest * 4));
    }

    private TimeSpan Moment(TimeSpan earliest, TimeSpan latest) => earliest + (latest - earliest) * random.NextDouble();
}
