using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

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

    [Fact]
    public async Task Counts_of_every_node_go_on_through_a_restart()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 100));
        var failures = 1;
        world.Storage("out", SinkKind.Transactional).Before =
            (call, _) => call == "commit" && failures-- == 1 ? Task.FromException(new IOException("gone")) : Task.CompletedTask;
        var runner = world.Runner(Straight, FakeWorld.UntilCaughtUp);

        await runner.RunAsync(Cancelled);

        Assert.Equal([("Items", 0, 200), ("out", 200, 0)], runner.Nodes.Select(node => (node.Id, (int)node.RowsIn, (int)node.RowsOut)));
        Assert.All(runner.Nodes, node => Assert.Equal(0, node.QueueLength));
    }

    [Fact]
    public async Task Sources_count_by_operation_and_sink_connections_their_failures()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 10));
        var failures = 1;
        world.Storage("out", SinkKind.Transactional).Before =
            (call, _) => call == "prepare" && failures-- == 1 ? Task.FromException(new IOException("gone")) : Task.CompletedTask;
        var runner = world.Runner(Straight, FakeWorld.UntilCaughtUp);

        await runner.RunAsync(Cancelled);

        Assert.Equal(new OperationCounts(0, Inserts: 20, 0, 0, 0), runner.Nodes.Single(node => node.Id == "Items").Read);
        Assert.Equal([("Items", false, 0), ("out", true, 1)], runner.Nodes.Select(node => (node.Id, node.IsSinkConnection, (int)node.Failures)));
    }

    [Fact]
    public void Delivery_delay_is_from_the_oldest_commit_of_what_a_checkpoint_commits_given_up_ones_included()
    {
        var process = world.Process = new SimulatedProcess(seed: null, DateTimeOffset.UnixEpoch);
        var log = world.Log("in");
        log.CommittedAt = DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(3);
        log.Feed(FakeWorld.Items(0, 3));
        var goesOn = new TaskCompletionSource();
        var storage = world.Storage("out", SinkKind.Transactional);
        storage.Before = (call, _) => call == "prepare" ? goesOn.Task : Task.CompletedTask;
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(Straight, FakeWorld.ByHand with { CheckpointTimeout = TimeSpan.FromSeconds(5) });
        var run = runner.RunAsync(stop.Token);
        process.Run(() => storage.Written == 3, jump: false);

        var aborted = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => aborted.IsCompleted));
        goesOn.SetResult();
        var committed = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => committed.IsCompleted, jump: false));
        var empty = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => empty.IsCompleted, jump: false));

        Assert.Equal([null, TimeSpan.FromSeconds(8), null], runner.History.Select(report => report.DeliveryDelay));
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
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

    [Fact]
    public async Task Stage_without_an_operator_does_not_run()
    {
        world.Log("in");
        world.Storage("out", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(builder =>
        {
            var stage = builder.Stage("Empty", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")));
            builder.Sink<Item, ItemCodec>("out", stage.Output<Item>("Empty").Stream, new FakeSinkAttribute("out"));
        }).RunAsync(Cancelled));

        Assert.Equal("CDCF2010", error.Code);
    }

    public static TheoryData<string, Action<PipelineBuilder>> InvalidGraphs => new()
    {
        { "'Items'", builder => { Straight(builder); builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")); } },
        { "'out'", builder => { Straight(builder); builder.Sink<Item, ItemCodec>("out", builder.Source<Item, ItemCodec>("More", new FakeSourceAttribute("in")), new FakeSinkAttribute("out")); } },
        { "transactional", builder => { Straight(builder); builder.Sink<Item, ItemCodec>("second", builder.Source<Item, ItemCodec>("More", new FakeSourceAttribute("in")), new FakeSinkAttribute("second")); } },
        { "no source", _ => { } },
    };

    [Theory, MemberData(nameof(InvalidGraphs), DisableDiscoveryEnumeration = true)]
    public async Task Graph_that_cannot_run_says_why(string why, Action<PipelineBuilder> build)
    {
        world.Log("in");
        world.Storage("out", SinkKind.Transactional);
        world.Storage("second", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(build).RunAsync(Cancelled));

        Assert.Equal("CDCF2010", error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transform_that_throws_is_named_with_its_place_and_without_its_message()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 10));
        world.Storage("out", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(builder =>
        {
            var stage = builder.Stage("Broken", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")));
            builder.Sink<Item, ItemCodec>("out", stage.Output<Item>("Broken").Stream, new FakeSinkAttribute("out"));
            stage.Run(new Throwing());
        }).RunAsync(Cancelled));

        Assert.Equal("CDCF2003", error.Code);
        Assert.Contains("'Broken'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1/0/0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Empty(world.Observer.Restarts);
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

    private sealed class Throwing : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch) => throw new FormatException("secret");
    }
}
