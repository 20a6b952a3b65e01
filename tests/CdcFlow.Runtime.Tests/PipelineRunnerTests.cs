using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Tests;

/// <summary>A whole pipeline, source to sink, on the ordinary scheduler.</summary>
public sealed class PipelineRunnerTests
{
    private readonly FakeWorld world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SinkKind.Transactional)]
    [InlineData(SinkKind.Staged)]
    [InlineData(SinkKind.Idempotent)]
    [InlineData(SinkKind.AtLeastOnce)]
    public async Task Bounded_run_commits_everything_once_and_ends(SinkKind kind)
    {
        world.Log("in").Feed(FakeWorld.Items(0, 1000));
        var storage = world.Storage("out", kind);

        await world.Runner(Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);

        Assert.Equal(FakeWorld.Items(0, 1000), storage.Visible);
        Assert.Equal(1000, world.Logs["in"].Confirmed);
    }

    [Fact]
    public async Task Stop_makes_a_final_checkpoint_and_the_next_run_goes_on_after_it()
    {
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 10));
        var storage = world.Storage("out", SinkKind.Transactional);
        await RunUntilStoppedAsync(storage, written: 10);
        Assert.Equal(10, storage.Visible.Count);

        log.Feed(FakeWorld.Items(10, 10));
        await RunUntilStoppedAsync(storage, written: 20);

        Assert.Equal(FakeWorld.Items(0, 20), storage.Visible);
        Assert.Equal([0, 10], log.OpenedAt);
    }

    [Fact]
    public async Task Idle_source_takes_part_in_checkpoints()
    {
        world.Log("in");
        var storage = world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(Straight);
        var run = runner.RunAsync(stop.Token);

        var first = await runner.CheckpointAsync(Cancelled);
        var second = await runner.CheckpointAsync(Cancelled);

        Assert.Equal(second, storage.Marker);
        Assert.True(first.Id < second.Id);
        stop.Cancel();
        await run;
    }

    [Fact]
    public async Task State_of_a_source_that_gave_nothing_since_the_restore_is_kept()
    {
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 5));
        var storage = world.Storage("out", SinkKind.Transactional);
        await RunUntilStoppedAsync(storage, written: 5);
        await RunUntilStoppedAsync(storage, written: 5);
        await RunUntilStoppedAsync(storage, written: 5);

        Assert.Equal([0, 5, 5], log.OpenedAt);
        Assert.Equal(FakeWorld.Items(0, 5), storage.Visible);
    }

    [Fact]
    public async Task Checkpoint_keeps_the_order_prepare_transactional_commit_staged_commit_confirm()
    {
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 3));
        var order = new List<string>();
        Task Note(string sink, string call)
        {
            lock (order)
            {
                order.Add($"{sink} {call}");
            }

            return Task.CompletedTask;
        }

        world.Storage("a", SinkKind.Staged).Before = (call, _) => Note("staged", call == "commit" ? $"commit with {world.Storages["b"].Visible.Count} decided, {log.Confirmed} confirmed" : call);
        world.Storage("b", SinkKind.Transactional).Before = (call, _) => Note("transactional", call);

        await world.Runner(
            builder =>
            {
                var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
                builder.Sink<Item, ItemCodec>("a", items, new FakeSinkAttribute("a"));
                builder.Sink<Item, ItemCodec>("b", items, new FakeSinkAttribute("b"));
            },
            FakeWorld.UntilCaughtUp).RunAsync(Cancelled);

        var commits = order.Where(call => call.Contains("commit", StringComparison.Ordinal)).ToList();
        Assert.Equal(["transactional commit", "staged commit with 3 decided, 0 confirmed"], commits);
        Assert.True(order.IndexOf("transactional commit") > order.LastIndexOf("staged prepare"));
        Assert.Equal(3, log.Confirmed);
    }

    [Fact]
    public async Task Two_sinks_of_one_connection_share_its_checkpoint()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 100));
        var storage = world.Storage("out", SinkKind.Transactional);

        await world.Runner(
            builder =>
            {
                builder.Sink<Item, ItemCodec>("x", builder.Source<Item, ItemCodec>("A", new FakeSourceAttribute("in")), new FakeSinkAttribute("out"));
                builder.Sink<Item, ItemCodec>("y", builder.Source<Item, ItemCodec>("B", new FakeSourceAttribute("in")), new FakeSinkAttribute("out"));
            },
            FakeWorld.UntilCaughtUp).RunAsync(Cancelled);

        Assert.Equal(1, storage.Calls.Count(call => call == "commit"));
        Assert.All(storage.Visible.CountBy(item => item.Id), count => Assert.Equal(2, count.Value));
    }

    [Fact]
    public async Task Second_instance_is_told_who_holds_the_pipeline()
    {
        world.Log("in");
        world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(Straight);
        var run = runner.RunAsync(stop.Token);
        await runner.CheckpointAsync(Cancelled);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(Straight).RunAsync(Cancelled));

        Assert.Equal("CDCF3001", error.Code);
        stop.Cancel();
        await run;
    }

    [Fact]
    public async Task Idle_means_that_all_that_was_fed_is_written()
    {
        var log = world.Log("in");
        var storage = world.Storage("out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(Straight);
        var run = runner.RunAsync(stop.Token);
        await runner.CheckpointAsync(Cancelled);
        log.Feed(FakeWorld.Items(0, 50));
        await storage.WhenWrittenAsync(1, Cancelled);

        await runner.WhenIdleAsync();

        Assert.Equal(50, storage.Written);
        stop.Cancel();
        await run;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sinks_are_told_of_the_end_of_input_before_the_last_prepare_only(bool bounded)
    {
        world.Log("in").Feed(FakeWorld.Items(0, 10));
        var storage = world.Storage("out", SinkKind.Staged);
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(Straight, FakeWorld.ByHand with { Boundedness = bounded ? Sources.Boundedness.UntilCaughtUp : Sources.Boundedness.Continuous });
        var run = runner.RunAsync(stop.Token);
        if (!bounded)
        {
            await storage.WhenWrittenAsync(10, Cancelled);
            await runner.CheckpointAsync(Cancelled);
            stop.Cancel();
        }

        await run;

        Assert.Single(storage.Calls, "end of input");
        Assert.Equal(["end of input", "prepare", "commit"], storage.Calls.TakeLast(3));
    }

    // A sink that is asked to give up a call has its own word for that; the pipeline was asked to stop, and stops.
    [Fact]
    public async Task Stop_while_a_sink_is_opened_is_a_stop_whatever_the_sink_makes_of_it()
    {
        using var stop = new CancellationTokenSource();
        world.Log("in");
        world.Storage("out", SinkKind.Staged).Before = async (call, token) =>
        {
            if (call == "open")
            {
                stop.Cancel();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, token));
                throw new CdcFlowException("CDCF0000", "Nobody knows what became of it.", "Start again.", ErrorDomain.External, isTransient: true);
            }
        };
        await world.Runner(Straight).RunAsync(stop.Token);
        Assert.Contains("While it stopped: Nobody knows what became of it.", world.Observer.Notes);
    }

    // It says nothing of the stop, and the next start would meet it too: whoever stopped the pipeline is told by its exit code.
    [Fact]
    public async Task Lasting_refusal_that_is_met_while_it_stops_ends_the_run()
    {
        using var stop = new CancellationTokenSource();
        world.Log("in");
        world.Storage("out", SinkKind.Staged).Before = async (call, _) =>
        {
            if (call == "open")
            {
                await stop.CancelAsync();
                throw new CdcFlowException("CDCF0000", "The folder is another's.", "Take another.", ErrorDomain.External);
            }
        };
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(Straight).RunAsync(stop.Token));
        Assert.Equal("The folder is another's.", error.Happened);
    }

    private async Task RunUntilStoppedAsync(FakeStorage storage, int written)
    {
        using var stop = new CancellationTokenSource();
        var run = world.Runner(Straight).RunAsync(stop.Token);
        await storage.WhenWrittenAsync(written, Cancelled);
        stop.Cancel();
        await run;
    }

    internal static void Straight(PipelineBuilder builder)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
        builder.Sink<Item, ItemCodec>("out", items, new FakeSinkAttribute("out"));
    }
}
