using CdcFlow.Checkpointing.Stores;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Restarts;

/// <summary>A sink or a source that cannot be reached, at the start or later.</summary>
public sealed class AwayTests : IDisposable
{
    private static readonly CdcFlowException away = new("CDCF9999", "The server is away.", isTransient: true) { IsAway = true };

    private readonly FakeWorld world = new();
    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);
    private readonly CancellationTokenSource stop = new();

    public AwayTests()
    {
        world.Process = process;
        world.Store = new InMemoryCheckpointStore("test", process.Time);
        world.Log("in").Feed(FakeWorld.Items(0, 9));
    }

    private TimeSpan Now => process.Time.GetUtcNow() - DateTimeOffset.UnixEpoch;

    public void Dispose() => stop.Dispose();

    [Fact]
    public void Sink_that_is_away_at_the_start_is_waited_for_and_nobody_else_gets_the_lease_meanwhile()
    {
        var storage = world.Storage("out", SinkKind.Transactional);
        storage.Before = (call, _) => call == "open" && Now < TimeSpan.FromMinutes(50) ? Task.FromException(away) : Task.CompletedTask;
        var run = world.Runner(PipelineRunnerTests.Straight, FakeWorld.ByHand with { Restart = new RestartOptions() }).RunAsync(stop.Token);
        Assert.True(process.Run(() => storage.Written == 9));
        Assert.InRange(Now, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(51));
        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single(world.Observer.Waits.Distinct()));
        Assert.InRange(world.Observer.Waits.Count, 100, 250);
        Assert.Empty(world.Observer.Restarts);
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal(FakeWorld.Items(0, 9), storage.Visible);
    }

    [Fact]
    [Trait("WayOut", "CDCF2014")]
    public void Sink_that_stays_away_ends_the_run_when_the_limit_is_reached_and_the_next_one_goes_on_when_it_is_back()
    {
        var storage = world.Storage("out", SinkKind.Transactional);
        storage.Before = (call, _) => call == "open" ? Task.FromException(away) : Task.CompletedTask;
        var options = FakeWorld.ByHand with { Restart = new RestartOptions { AwayMax = TimeSpan.FromMinutes(7) } };
        for (var start = 1; start <= 2; start++)
        {
            var run = world.Runner(PipelineRunnerTests.Straight, options).RunAsync(stop.Token);
            Assert.True(process.Run(() => run.IsCompleted));
            var error = Assert.IsType<CdcFlowException>(run.Exception!.InnerException);
            Assert.Equal(RuntimeErrorCodes.AwayTooLong, error.Code);
            Assert.Contains("Bring it back and start the pipeline", error.Fix, StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromMinutes(start * 7), Now);
        }

        storage.Before = (_, _) => Task.CompletedTask;
        var next = world.Runner(PipelineRunnerTests.Straight, options with { Boundedness = Boundedness.UntilCaughtUp }).RunAsync(stop.Token);
        Assert.True(process.Run(() => next.IsCompleted));
        Assert.True(next.IsCompletedSuccessfully, next.Exception?.ToString());
        Assert.Equal(FakeWorld.Items(0, 9), storage.Visible);
    }
}
