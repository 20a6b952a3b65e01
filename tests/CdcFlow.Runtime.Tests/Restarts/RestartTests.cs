using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Restarts;

/// <summary>A fault anywhere takes the whole attempt down; the next one goes on from the last checkpoint.</summary>
public sealed class RestartTests
{
    private readonly FakeWorld world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<SinkKind, string> Faults => new MatrixTheoryData<SinkKind, string>(
        [SinkKind.Transactional, SinkKind.Staged], ["open", "write", "prepare", "commit"]);

    [Theory, MemberData(nameof(Faults))]
    public async Task Sink_that_fails_once_loses_and_doubles_nothing(SinkKind kind, string at)
    {
        world.Log("in").Feed(FakeWorld.Items(0, 100));
        var storage = world.Storage("out", kind);
        var failures = 1;
        storage.Before = (call, _) => call == at && failures-- == 1 ? Task.FromException(new IOException("gone")) : Task.CompletedTask;

        var runner = world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp);
        await runner.RunAsync(Cancelled);

        Assert.Equal(FakeWorld.Items(0, 100), storage.Visible);
        Assert.IsType<IOException>(Assert.Single(world.Observer.Restarts));
        Assert.Equal(1, runner.Nodes.Single(node => node.IsSinkConnection).Failures);
    }

    [Fact]
    public async Task Pipeline_that_gets_on_between_its_failures_is_not_given_up()
    {
        var log = world.Log("in");
        var storage = world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var options = FakeWorld.ByHand with { Restart = FakeWorld.ByHand.Restart with { RestartsMax = 1 } };
        var runner = world.Runner(PipelineRunnerTests.Straight, options);
        var run = runner.RunAsync(stop.Token);
        for (var item = 0; item < 5; item++)
        {
            if (item > 0)
            {
                log.FailRead(new TimeoutException());
            }

            log.Feed(FakeWorld.Items(item, 1));
            await storage.WhenWrittenAsync(item + 1, Cancelled);
            await runner.CheckpointAsync(Cancelled);
        }

        stop.Cancel();
        await run;

        Assert.Equal(FakeWorld.Items(0, 5), storage.Visible);
        Assert.Equal(4, world.Observer.Restarts.Count);
    }

    [Fact]
    public async Task Source_that_fails_goes_on_from_the_last_checkpoint()
    {
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 9));
        var storage = world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(PipelineRunnerTests.Straight);
        var run = runner.RunAsync(stop.Token);
        await storage.WhenWrittenAsync(9, Cancelled);
        await runner.CheckpointAsync(Cancelled);

        log.FailRead(new TimeoutException());
        log.Feed(FakeWorld.Items(9, 9));
        await storage.WhenWrittenAsync(18, Cancelled);
        stop.Cancel();
        await run;

        Assert.Equal(FakeWorld.Items(0, 18), storage.Visible);
        Assert.Equal([0, 9], log.OpenedAt);
        Assert.Equal(storage.Calls.Count(call => call == "open"), world.Observer.Started.Count);
    }

    [Fact]
    public async Task What_cannot_heal_ends_the_run_with_its_error()
    {
        world.Log("in").FailRead(new CdcFlowException("CDCF9999", "Wrong password."));
        world.Storage("out", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(
            () => world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled));

        Assert.Equal("CDCF9999", error.Code);
        Assert.Empty(world.Observer.Restarts);
    }

    [Fact]
    public void Stop_in_the_pause_before_a_restart_ends_at_once_and_in_good_order()
    {
        var process = world.Process = new SimulatedProcess(seed: null, DateTimeOffset.UnixEpoch);
        world.Log("in").FailRead(new TimeoutException());
        world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var options = FakeWorld.ByHand with { Restart = new RestartOptions { BackoffMin = TimeSpan.FromSeconds(30) } };
        var run = world.Runner(PipelineRunnerTests.Straight, options).RunAsync(stop.Token);
        Assert.True(process.Run(() => world.Observer.Restarts.Count == 1, jump: false));

        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted, jump: false));

        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal(DateTimeOffset.UnixEpoch, process.Time.GetUtcNow());
        Assert.Single(world.Observer.Started);
    }

    [Fact]
    public async Task Stop_whose_final_checkpoint_fails_ends_with_the_cause()
    {
        world.Log("in");
        var storage = world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(PipelineRunnerTests.Straight);
        var run = runner.RunAsync(stop.Token);
        await runner.CheckpointAsync(Cancelled);
        storage.Before = (call, _) => call == "commit" ? Task.FromException(new IOException("gone")) : Task.CompletedTask;

        stop.Cancel();

        await Assert.ThrowsAsync<IOException>(() => run);
        Assert.Empty(world.Observer.Restarts);
    }

    [Fact]
    public async Task Lost_lease_ends_the_run_as_fenced()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 3));
        world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var paused = world.Runner(PipelineRunnerTests.Straight);
        var run = paused.RunAsync(stop.Token);
        await paused.CheckpointAsync(Cancelled);

        world.Store.AbandonLease();
        var successor = world.Runner(PipelineRunnerTests.Straight);
        var succeeding = successor.RunAsync(stop.Token);
        await successor.CheckpointAsync(Cancelled);

        await Assert.ThrowsAsync<CdcFlowException>(() => paused.CheckpointAsync(Cancelled));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => run);
        Assert.True(error.IsFenced);
        stop.Cancel();
        await succeeding;
    }

    [Fact]
    public async Task Checkpoint_that_was_asked_for_fails_with_the_cause()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 3));
        var storage = world.Storage("out", SinkKind.Transactional);
        var failures = 1;
        storage.Before = (call, _) => call == "commit" && failures-- == 1 ? Task.FromException(new IOException("gone")) : Task.CompletedTask;
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(PipelineRunnerTests.Straight);
        var run = runner.RunAsync(stop.Token);

        await Assert.ThrowsAsync<IOException>(() => runner.CheckpointAsync(Cancelled));

        await runner.CheckpointAsync(Cancelled);
        stop.Cancel();
        await run;
        Assert.Equal(FakeWorld.Items(0, 3), storage.Visible);
    }
}
