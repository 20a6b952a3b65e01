using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Flow;

/// <summary>A slow sink stops the reader, never the heap.</summary>
public sealed class BackPressureTests
{
    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);
    private readonly TaskCompletionSource sinkGoesOn = new();
    private readonly FakeWorld world;
    private readonly FakeStorage storage;

    public BackPressureTests()
    {
        world = new FakeWorld { Process = process };
        storage = world.Storage("out", SinkKind.Transactional);
        storage.Before = (call, _) => call == "write" ? sinkGoesOn.Task : Task.CompletedTask;
    }

    [Fact]
    public void Reader_stops_when_the_edge_is_full()
    {
        world.Log("in", roundLength: 1).Feed(FakeWorld.Items(0, 1000));
        var run = world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);

        process.Run(() => false, jump: false);

        // One being written or waiting for each credit, and one that the source cannot put on the edge.
        Assert.Equal(Edge.DataCredits + 1, world.Logs["in"].RoundsRead);
        EndsWith(1000, run);
    }

    [Fact]
    public void Reader_stops_when_the_byte_budget_is_used_up()
    {
        world.Log("in", roundLength: 10).Feed(FakeWorld.Items(0, 1000));
        var options = FakeWorld.UntilCaughtUp with { BudgetBytes = 3 * 10 * FakeReader.BytesPerItem };
        var run = world.Runner(PipelineRunnerTests.Straight, options).RunAsync(CancellationToken.None);

        process.Run(() => false, jump: false);

        Assert.Equal(3, world.Logs["in"].RoundsRead);
        EndsWith(1000, run);
    }

    [Fact]
    public void Source_that_has_used_up_its_share_of_the_budget_leaves_the_others_theirs()
    {
        world.Log("in", roundLength: 10).Feed(FakeWorld.Items(0, 1000));
        world.Log("other", roundLength: 10).Feed(FakeWorld.Items(1000, 1000));
        world.Storage("elsewhere", SinkKind.Idempotent);
        var options = FakeWorld.UntilCaughtUp with { BudgetBytes = 2 * 3 * 10 * FakeReader.BytesPerItem };
        var run = world.Runner(TwoSources, options).RunAsync(CancellationToken.None);

        process.Run(() => false, jump: false);

        Assert.Equal(3, world.Logs["in"].RoundsRead);
        Assert.Equal(100, world.Logs["other"].RoundsRead);
        EndsWith(1000, run);

        static void TwoSources(PipelineBuilder builder)
        {
            PipelineRunnerTests.Straight(builder);
            builder.Sink<Item, ItemCodec>("elsewhere", builder.Source<Item, ItemCodec>("Others", new FakeSourceAttribute("other")), new FakeSinkAttribute("elsewhere"));
        }
    }

    [Fact]
    public void Barrier_passes_an_edge_that_is_full_of_data()
    {
        world.Log("in", roundLength: 1).Feed(FakeWorld.Items(0, Edge.DataCredits));
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(PipelineRunnerTests.Straight);
        var run = runner.RunAsync(stop.Token);
        process.Run(() => false, jump: false);

        var checkpoint = runner.CheckpointAsync(CancellationToken.None);
        process.Run(() => false, jump: false);
        world.Logs["in"].Feed(FakeWorld.Items(Edge.DataCredits, 1));
        sinkGoesOn.SetResult();
        Assert.True(process.Run(() => checkpoint.IsCompleted, jump: false));

        // The barrier stood on the edge before what was fed after it.
        Assert.Equal(Edge.DataCredits, storage.Visible.Count);
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
    }

    private void EndsWith(int items, Task run)
    {
        sinkGoesOn.SetResult();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.Equal(FakeWorld.Items(0, items), storage.Visible);
    }
}
