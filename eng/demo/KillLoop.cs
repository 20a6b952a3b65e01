using System.Diagnostics;
using CdcFlow.TestServers;

namespace Shop;

/// <summary>What is killed, how often, and when.</summary>
/// <param name="Kills">Kills of the pipeline.</param>
/// <param name="Lives">Shortest and longest life. Every other one is counted from the process' start, so that some die before they have connected,
/// and every other from the first rows that it has committed, so that the pipeline gets on however slow the machine is.</param>
/// <param name="Seed">What the moments are made from.</param>
/// <param name="BrokerKills">Kills of the broker, spread over the lives of the pipeline; at most as many as those.</param>
public sealed record KillPlan(int Kills, (TimeSpan Shortest, TimeSpan Longest) Lives, int Seed, int BrokerKills = 0)
{
    private const int OpenTransactionEvery = 10;

    /// <summary>What ends a life of the pipeline.</summary>
    public LifeEnd EndOf(int kill)
    {
        var brokerKills = BrokerKillsUntil(kill);
        return brokerKills > BrokerKillsUntil(kill - 1) ? brokerKills % 2 == 0 ? LifeEnd.AfterTheBrokerIsBack : LifeEnd.WhileTheBrokerIsDown
            : BrokerKills > 0 && kill % OpenTransactionEvery == OpenTransactionEvery / 2 ? LifeEnd.InAnOpenTransaction
            : kill % 2 == 0 ? LifeEnd.AfterProgress
            : LifeEnd.AfterTheStart;
    }

    private int BrokerKillsUntil(int kill) => (int)((long)kill * BrokerKills / Kills);
}

/// <summary>When a pipeline is killed.</summary>
public enum LifeEnd
{
    /// <summary>Some time after it was started.</summary>
    AfterTheStart,

    /// <summary>Some time after it has committed rows.</summary>
    AfterProgress,

    /// <summary>Some time after the broker has records of its transaction, which it never commits.</summary>
    InAnOpenTransaction,

    /// <summary>Shortly after the broker was killed.</summary>
    WhileTheBrokerIsDown,

    /// <summary>When the broker was killed and started again, and it has gone on by itself.</summary>
    AfterTheBrokerIsBack,
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

    /// <summary>What it is at, for whoever has to say why it failed.</summary>
    public string Phase { get; private set; } = "before the first life";

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
                var end = plan.EndOf(kill);
                Phase = $"life {kill} of {plan.Kills}, which is to end {end}";
                await LiveOnceAsync(end, cancellationToken);
                killed(kill);
            }
        }
        finally
        {
            await stopLoad.CancelAsync();
            await writing;
        }

        Phase = "catching up";
        var killing = started.Elapsed;
        await pipeline.CatchUpAsync(cancellationToken);
        Phase = "caught up";
        return new KillReport(plan.Kills, plan.BrokerKills, load.Rows, started.Elapsed, started.Elapsed - killing);
    }

    private async Task LiveOnceAsync(LifeEnd end, CancellationToken cancellationToken)
    {
        if (end == LifeEnd.InAnOpenTransaction)
        {
            // What an earlier life left may yet turn out to be committed.
            var earlier = await NewestTransactionAsync(cancellationToken);
            await pipeline.RunAndKillAsync(life => WriteAsync(life, earlier), makesCheckpoints: false, cancellationToken);
            return;
        }

        await pipeline.RunAndKillAsync(life => LiveUntilAsync(end, life), makesCheckpoints: true, cancellationToken);
        if (end == LifeEnd.WhileTheBrokerIsDown)
        {
            await broker!.StartAgainAsync(cancellationToken);
        }
    }

    private async Task LiveUntilAsync(LifeEnd end, PipelineLife life)
    {
        switch (end)
        {
            case LifeEnd.WhileTheBrokerIsDown:
                await KillBrokerAsync(life);
                break;
            case LifeEnd.AfterTheBrokerIsBack:
                await KillBrokerAsync(life);
                await broker!.StartAgainAsync(CancellationToken.None);
                await PassAsync(life, fromProgress: true);
                break;
            default:
                await PassAsync(life, end == LifeEnd.AfterProgress);
                break;
        }
    }

    private async Task WriteAsync(PipelineLife life, long? earlier)
    {
        await life.UntilAsync("The pipeline wrote no record", async token => await NewestTransactionAsync(token) > (earlier ?? -1));
        await PassAsync(life, fromProgress: false);
    }

    private Task<long?> NewestTransactionAsync(CancellationToken cancellationToken) =>
        OpenTransaction.NewestAsync(broker!, KafkaScenario.Changes, partition: 0, cancellationToken);

    private async Task PassAsync(PipelineLife life, bool fromProgress)
    {
        if (fromProgress)
        {
            await life.ProgressAsync();
        }

        await life.PassAsync(Moment(plan.Lives.Shortest, plan.Lives.Longest));
    }

    private async Task KillBrokerAsync(PipelineLife life)
    {
        await PassAsync(life, fromProgress: true);
        await broker!.KillAsync(CancellationToken.None);
        await life.PassAsync(Moment(TimeSpan.Zero, plan.Lives.Shortest * 4));
    }

    private TimeSpan Moment(TimeSpan earliest, TimeSpan latest) => earliest + (latest - earliest) * random.NextDouble();
}
