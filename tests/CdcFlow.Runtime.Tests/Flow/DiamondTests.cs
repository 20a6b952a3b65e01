using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Flow;

/// <summary>A fan-out whose branches meet again: where a barrier that waited for data would stand still for ever.</summary>
public sealed class DiamondTests
{
    private const int Items = 200;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void Every_row_comes_once_by_each_branch_under_random_interleavings(int seed)
    {
        var (process, world) = NewWorld(seed);
        world.Log("in", roundLength: 1 + (seed % 5)).Feed(FakeWorld.Items(0, Items));
        var storage = world.Storage("out", SinkKind.Transactional);

        RunWithCheckpoints(process, world);

        foreach (var version in new[] { 1, 2 })
        {
            Assert.Equal(Enumerable.Range(0, Items), storage.Visible.Where(item => item.Version == version).Select(item => item.Id));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Each_checkpoint_cuts_both_branches_at_one_place(int seed)
    {
        var (process, world) = NewWorld(seed);
        world.Log("in", roundLength: 2).Feed(FakeWorld.Items(0, Items));
        var storage = world.Storage("out", SinkKind.Transactional);
        var cuts = new List<(int Fast, int Slow)>();
        storage.Before = (call, _) =>
        {
            cuts.Add((storage.Visible.Count(item => item.Version == 1), storage.Visible.Count(item => item.Version == 2)));
            return Task.CompletedTask;
        };

        RunWithCheckpoints(process, world);

        Assert.True(cuts.Distinct().Count() > 2, "there were no checkpoints on the way");
        Assert.All(cuts, cut => Assert.Equal(cut.Fast, cut.Slow));
    }

    [Fact]
    public void Same_seed_takes_the_same_steps()
    {
        Assert.Equal(TraceOf(7), TraceOf(7));
        Assert.NotEqual(TraceOf(7), TraceOf(8));
    }

    /// <summary>One checkpoint after the other, without a pause, so that barriers are always on their way.</summary>
    private static void RunWithCheckpoints(SimulatedProcess process, FakeWorld world)
    {
        var runner = world.Runner(Diamond, FakeWorld.UntilCaughtUp);
        var run = runner.RunAsync(CancellationToken.None);
        var checkpoint = Task.CompletedTask;
        var ended = process.Run(() =>
        {
            checkpoint = checkpoint.IsCompleted ? runner.CheckpointAsync(CancellationToken.None) : checkpoint;
            return run.IsCompleted;
        });

        Assert.True(ended, "the pipeline stands still");
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
    }

    private static ulong TraceOf(int seed)
    {
        var (process, world) = NewWorld(seed);
        world.Log("in").Feed(FakeWorld.Items(0, Items));
        world.Storage("out", SinkKind.Staged);
        var run = world.Runner(Diamond, FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);
        Assert.True(process.Run(() => run.IsCompleted));
        return process.TraceHash;
    }

    private static (SimulatedProcess Process, FakeWorld World) NewWorld(int seed)
    {
        var process = new SimulatedProcess(seed, DateTimeOffset.UnixEpoch);
        return (process, new FakeWorld { Process = process });
    }

    private static void Diamond(PipelineBuilder builder)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
        var fast = builder.Stage("Fast", items);
        var fastOut = fast.Output<Item>("Fast");
        fast.Run(new Numbering(1, fastOut.Collector));
        var slow = builder.Async("Slow", items, new SlowNumbering(2), new AsyncOptions(4, Ordering.PerKey));
        var merged = builder.Merge("Both", fastOut.Stream, slow);
        builder.Sink<Item, ItemCodec>("out", merged, new FakeSinkAttribute("out"));
    }

    private sealed class Numbering(int version, BatchCollector<Item> output) : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                output.Add(Change<Item>.Insert(change.Row with { Version = version }, change.Metadata));
            }
        }
    }

    private sealed class SlowNumbering(int version) : IAsyncOperator<Item, Item>
    {
        public int KeyHash(in Change<Item> change) => change.Row.Id;

        public async ValueTask InvokeAsync(Change<Item> change, AsyncCollector<Item> output, CancellationToken cancellationToken)
        {
            for (var step = 0; step < change.Row.Id % 7; step++)
            {
                await Task.Yield();
            }

            output.Add(Change<Item>.Insert(change.Row with { Version = version }, change.Metadata));
        }
    }
}
