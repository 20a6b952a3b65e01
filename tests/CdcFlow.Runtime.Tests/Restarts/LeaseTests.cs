using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Restarts;

/// <summary>One instance has one lease, over all its attempts; and what an instance does that finds somebody else's.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly LeaseHolder other = new("beta", 18, DateTimeOffset.UnixEpoch);

    private readonly FakeWorld world = new();
    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);
    private readonly CancellationTokenSource stop = new();

    public LeaseTests()
    {
        world.Process = process;
        world.Store = new InMemoryCheckpointStore("test", process.Time);
        world.Log("in");
        world.Storage("out", SinkKind.Transactional);
    }

    public void Dispose() => stop.Dispose();

    [Fact]
    public async Task Lease_is_held_in_the_pause_before_a_restart_and_every_attempt_has_an_epoch_of_its_own()
    {
        world.Log("in").FailRead(new TimeoutException());
        var options = FakeWorld.ByHand with { Restart = new RestartOptions { BackoffMin = TimeSpan.FromMinutes(5), BackoffMax = TimeSpan.FromMinutes(5) } };
        var run = world.Runner(PipelineRunnerTests.Straight, options).RunAsync(stop.Token);
        Assert.True(process.Run(() => world.Observer.Restarts.Count == 1, jump: false));
        for (var seconds = 0; seconds < 140; seconds += 5)
        {
            process.Time.Advance(TimeSpan.FromSeconds(5));
            process.Run(() => false, jump: false);
            await Assert.ThrowsAsync<CdcFlowException>(AcquireAsync);
        }

        Assert.True(process.Run(() => world.Observer.Epochs.Count == 2));
        Assert.Equal([new Epoch(1), new Epoch(2)], world.Observer.Epochs);
        Stop(run);
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
    }

    [Fact]
    public async Task Instance_that_has_a_successor_ends_fenced_whatever_it_meets_first()
    {
        var log = world.Log("in");
        var run = world.Runner(PipelineRunnerTests.Straight).RunAsync(stop.Token);
        Assert.True(process.Run(() => world.Observer.Started.Count == 1, jump: false));
        world.Store.AbandonLease();
        var successor = await AcquireAsync();

        log.FailRead(new TimeoutException("It would heal."));
        log.Feed([]);
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.Equal(CheckpointErrorCodes.Fenced, Assert.IsType<CdcFlowException>(run.Exception!.InnerException).Code);
        Assert.Empty(world.Observer.Restarts);
        await successor.RenewAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Lease_of_an_instance_that_may_be_dead_is_waited_for_and_then_taken()
    {
        await AcquireAsync();
        var run = world.Runner(PipelineRunnerTests.Straight).RunAsync(stop.Token);
        Assert.True(process.Run(() => world.Observer.Started.Count == 1));
        Assert.InRange(process.Time.GetUtcNow() - DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
        Assert.Contains("process 18 on beta", Assert.Single(world.Observer.LeaseWaits).Happened, StringComparison.Ordinal);
        Stop(run);
    }

    [Fact]
    public async Task Start_beside_an_instance_that_works_gives_up_after_the_wait_and_says_who_works()
    {
        var working = await AcquireAsync();
        var run = world.Runner(PipelineRunnerTests.Straight, FakeWorld.ByHand with { LeaseWait = TimeSpan.FromMinutes(2) }).RunAsync(stop.Token);
        Assert.True(process.Run(() => RenewAsync(working).IsCompletedSuccessfully && run.IsCompleted));
        var error = Assert.IsType<CdcFlowException>(run.Exception!.InnerException);
        Assert.Equal(CheckpointErrorCodes.LeaseHeld, error.Code);
        Assert.False(error.IsTransient);
        Assert.InRange(process.Time.GetUtcNow() - DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.1));
    }

    [Fact]
    public void Start_of_a_rolling_deployment_waits_until_the_instance_that_works_has_stopped()
    {
        world.OtherStore = new FileCheckpointStore("test", "/checkpoints", new SimulatedFileSystem(new SimulatedDisk(), process.Step), process.Time);
        var old = world.Runner(PipelineRunnerTests.Straight).RunAsync(stop.Token);
        Assert.True(process.Run(() => world.Observer.Started.Count == 1, jump: false));
        using var stopNext = new CancellationTokenSource();
        var next = world.Runner(PipelineRunnerTests.Straight).RunAsync(stopNext.Token);
        var renewedOften = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(35);
        Assert.True(process.Run(() => process.Time.GetUtcNow() >= renewedOften));
        Assert.False(next.IsCompleted);

        Stop(old);
        Assert.True(old.IsCompletedSuccessfully, old.Exception?.ToString());
        Assert.True(process.Run(() => world.Observer.Started.Count == 2));
        Assert.InRange(process.Time.GetUtcNow(), renewedOften, renewedOften + TimeSpan.FromSeconds(2));
        stopNext.Cancel();
        Assert.True(process.Run(() => next.IsCompleted));
        Assert.True(next.IsCompletedSuccessfully, next.Exception?.ToString());
    }

    [Fact]
    public void Sink_that_remembers_a_newer_epoch_than_the_store_has_is_a_store_that_was_emptied_and_not_a_successor()
    {
        FenceUpTo(new Epoch(1000));
        var run = world.Runner(PipelineRunnerTests.Straight).RunAsync(stop.Token);
        Assert.True(process.Run(() => run.IsCompleted));
        var error = Assert.IsType<CdcFlowException>(run.Exception!.InnerException);
        Assert.Equal((CheckpointErrorCodes.MarkerAhead, false), (error.Code, error.IsFenced));
        Assert.Contains("--restore-from", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF3024")]
    public void Order_to_begin_afresh_raises_the_epoch_above_what_the_sink_remembers()
    {
        FenceUpTo(new Epoch(1000));
        var run = world.Runner(PipelineRunnerTests.Straight, FakeWorld.ByHand with { RecoverFrom = new RecoveryOverride(null) }).RunAsync(stop.Token);
        Assert.True(process.Run(() => world.Observer.Started.Count == 1));
        Assert.True(Assert.Single(world.Observer.Epochs) > new Epoch(1000));
        Assert.Equal("CDCF3024", Assert.IsType<CdcFlowException>(Assert.Single(world.Observer.Restarts)).Code);
        Stop(run);
    }

    private void FenceUpTo(Epoch remembered) => world.Storages["out"].FencedUpTo = remembered;

    private void Stop(Task run)
    {
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
    }

    private async Task<ICheckpointLease> AcquireAsync() => await world.Store.AcquireAsync(other, CancellationToken.None);

    private static async Task RenewAsync(ICheckpointLease lease) => await lease.RenewAsync(CancellationToken.None);
}
