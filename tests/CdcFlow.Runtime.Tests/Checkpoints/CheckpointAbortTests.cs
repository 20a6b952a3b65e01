using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Checkpoints;

/// <summary>A checkpoint that takes too long is given up; the pipeline is not.</summary>
public sealed class CheckpointAbortTests
{
    private static readonly PipelineOptions impatient = FakeWorld.ByHand with { CheckpointTimeout = TimeSpan.FromSeconds(5), AbortedCheckpointsMax = 2 };

    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);
    private readonly FakeWorld world;
    private readonly FakeStorage fast;
    private readonly FakeStorage slow;
    private readonly TaskCompletionSource slowGoesOn = new();

    public CheckpointAbortTests()
    {
        world = new FakeWorld { Process = process };
        world.Log("in");
        fast = world.Storage("fast", SinkKind.Transactional);
        slow = world.Storage("slow", SinkKind.Staged);
        slow.Before = (call, token) => call == "write" ? slowGoesOn.Task : Task.CompletedTask;
    }

    [Fact]
    [Trait("WayOut", "CDCF3020")]
    public void Writes_of_a_checkpoint_that_was_given_up_belong_to_the_next()
    {
        var (runner, run, stop) = StartWithThreeOnTheWay();
        var first = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => first.IsCompleted));
        Assert.Equal("CDCF3020", Assert.IsType<CdcFlowException>(first.Exception!.InnerException).Code);
        Assert.Empty(fast.Visible);

        slowGoesOn.SetResult();
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));

        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal(FakeWorld.Items(0, 3), fast.Visible);
        Assert.Equal(FakeWorld.Items(0, 3), slow.Visible);
        Assert.Equal([CheckpointOutcome.Aborted, CheckpointOutcome.Committed], world.Observer.Checkpoints.Select(report => report.Outcome));
        Assert.Equal(TimeSpan.FromSeconds(5), world.Observer.Checkpoints[0].Alignment);
        stop.Dispose();
    }

    [Fact]
    public void Sink_that_had_prepared_goes_on_writing_after_the_checkpoint_is_given_up()
    {
        var (runner, run, stop) = StartWithThreeOnTheWay();
        var first = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => first.IsCompleted));

        world.Logs["in"].Feed(FakeWorld.Items(3, 3));
        process.Run(() => false, jump: false);

        Assert.Equal(6, fast.Written);
        slowGoesOn.SetResult();
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.Equal(FakeWorld.Items(0, 6), fast.Visible);
        stop.Dispose();
    }

    [Fact]
    [Trait("WayOut", "CDCF3021")]
    public void Too_many_in_a_row_restart_the_pipeline()
    {
        slow.Before = (call, token) => call == "write" && world.Observer.Restarts.Count == 0 ? slowGoesOn.Task : Task.CompletedTask;
        var (runner, run, stop) = StartWithThreeOnTheWay();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var aborted = runner.CheckpointAsync(CancellationToken.None);
            Assert.True(process.Run(() => aborted.IsCompleted));
            Assert.True(aborted.IsFaulted);
        }

        // The attempt ends once the call that it waits for has returned.
        slowGoesOn.SetResult();
        Assert.True(process.Run(() => world.Observer.Started.Count == 2 && slow.Written == 6));
        Assert.Equal("CDCF3021", Assert.IsType<CdcFlowException>(Assert.Single(world.Observer.Restarts)).Code);
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.Equal(FakeWorld.Items(0, 3), fast.Visible);
        Assert.Equal(FakeWorld.Items(0, 3), slow.Visible);
        stop.Dispose();
    }

    /// <summary>However many checkpoints are given up after the one that the order has led to: it would throw work away, or empty tables once more.</summary>
    [Fact]
    public void Order_of_where_to_begin_does_not_come_back_by_itself()
    {
        slowGoesOn.SetResult();
        var stop = new CancellationTokenSource();
        var options = impatient with { RecoverFrom = new RecoveryOverride(null), AbortedCheckpointsMax = 10, Restart = impatient.Restart with { RestartsMax = 100 } };
        var runner = world.Runner(FanOut, options);
        var run = runner.RunAsync(stop.Token);
        world.Logs["in"].Feed(FakeWorld.Items(0, 3));
        Assert.True(process.Run(() => slow.Written == 3));
        var made = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => made.IsCompleted));
        Assert.True(made.IsCompletedSuccessfully, made.Exception?.ToString());

        var stands = new TaskCompletionSource();
        slow.Before = (call, token) => call == "prepare" && world.Observer.Restarts.Count < 11 ? stands.Task.WaitAsync(token) : Task.CompletedTask;
        for (var aborted = 0; aborted < 110; aborted++)
        {
            var given = runner.CheckpointAsync(CancellationToken.None);
            Assert.True(process.Run(() => given.IsCompleted));
            Assert.True(given.IsFaulted);
        }

        Assert.True(process.Run(() => world.Observer.Started.Count == 12));
        Assert.All(world.Observer.Started.Skip(1), restored => Assert.NotNull(restored));
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.Equal(FakeWorld.Items(0, 3), slow.Visible);
        stop.Dispose();
    }

    private (PipelineRunner Runner, Task Run, CancellationTokenSource Stop) StartWithThreeOnTheWay()
    {
        var stop = new CancellationTokenSource();
        var runner = world.Runner(FanOut, impatient);
        var run = runner.RunAsync(stop.Token);
        world.Logs["in"].Feed(FakeWorld.Items(0, 3));
        process.Run(() => fast.Written == 3, jump: false);
        return (runner, run, stop);
    }

    private static void FanOut(PipelineBuilder builder)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
        builder.Sink<Item, ItemCodec>("fast", items, new FakeSinkAttribute("fast"));
        builder.Sink<Item, ItemCodec>("slow", items, new FakeSinkAttribute("slow"));
    }
}
