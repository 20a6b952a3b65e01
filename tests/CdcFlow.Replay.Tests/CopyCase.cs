using CdcFlow.Runtime;

namespace CdcFlow.Replay.Tests;

/// <summary>A case that needs nothing but SQL: whenever the changes happen, the sink must have what the source has.</summary>
public abstract class CopyCase<TPipeline> : Case<TPipeline>
    where TPipeline : ICdcPipeline<TPipeline>
{
    /// <summary>What is there before the pipeline's first start.</summary>
    protected abstract string Before { get; }

    /// <summary>What happens to it; each text is one transaction.</summary>
    protected abstract string[] Changes { get; }

    /// <summary>Statements that make the sink's table, where it shall not be the one that the sink makes itself.</summary>
    protected virtual string SinkTable => "";

    [Theory, InlineData(Timing.BeforeStart), InlineData(Timing.WhileRunning), InlineData(Timing.WhileStopped)]
    public async Task Sink_has_what_the_source_has(Timing timing)
    {
        await SourceAsync(Before);
        await SinkAsync(SinkTable);
        switch (timing)
        {
            case Timing.WhileRunning:
                Set("Restart:RestartsMax", "3"); // CDCF4056: what the snapshot has still to read was altered by these changes
                await StartAsync();
                await ChangeAsync();
                await CaughtUpAsync();
                await StopAsync();
                OnlyRestartedFor("CDCF4056");
                break;
            case Timing.WhileStopped:
                await RunAsync();
                await ChangeAsync();
                break;
            default:
                await ChangeAsync();
                break;
        }

        await RunAsync();
        await SameAsync();
    }

    private async Task ChangeAsync()
    {
        foreach (var transaction in Changes)
        {
            await SourceAsync(transaction);
        }
    }
}

/// <summary>When the changes of a <see cref="CopyCase{TPipeline}"/> happen.</summary>
public enum Timing
{
    /// <summary>Before the first start: the snapshot has them.</summary>
    BeforeStart,

    /// <summary>While the pipeline runs.</summary>
    WhileRunning,

    /// <summary>Between two runs.</summary>
    WhileStopped,
}
