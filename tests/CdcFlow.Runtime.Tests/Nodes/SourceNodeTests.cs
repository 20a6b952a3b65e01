using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Nodes;

/// <summary>A source that waits for its next change: its read is outstanding all the time.</summary>
public sealed class SourceNodeTests
{
    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);
    private readonly FakeWorld world;
    private readonly FakeLog log;

    public SourceNodeTests()
    {
        world = new FakeWorld { Process = process };
        log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 3));
        world.Storage("out", SinkKind.Transactional);
    }

    [Fact]
    public void Idle_source_is_confirmed()
    {
        using var stop = new CancellationTokenSource();
        var (runner, run) = StartAndDrain(stop);

        var checkpoint = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => checkpoint.IsCompleted, jump: false));

        Assert.Equal(3, log.Confirmed);
        Assert.Equal(1, log.RoundsRead);
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
    }

    [Fact]
    public void Confirmation_that_fails_ends_the_attempt_of_an_idle_source()
    {
        log.FailConfirms.Enqueue(new IOException("gone"));
        using var stop = new CancellationTokenSource();
        var (runner, run) = StartAndDrain(stop);

        var failed = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => failed.IsCompleted, jump: false));
        Assert.IsType<IOException>(failed.Exception!.InnerException);

        // The next attempt begins only when the outstanding read has been cancelled and has returned.
        Assert.True(process.Run(() => world.Observer.Started.Count == 2, jump: false));
        var checkpoint = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => checkpoint.IsCompleted, jump: false));
        Assert.Equal([0, 3], log.OpenedAt);
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
    }

    private (PipelineRunner Runner, Task Run) StartAndDrain(CancellationTokenSource stop)
    {
        var runner = world.Runner(PipelineRunnerTests.Straight);
        var run = runner.RunAsync(stop.Token);
        process.Run(() => false, jump: false);
        Assert.Equal(3, world.Storages["out"].Written);
        return (runner, run);
    }
}
