using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Restarts;

/// <summary>The process dies before each of its steps in turn; its successor must make both sinks equal to the source.</summary>
public sealed class CrashTests
{
    private const int Items = 12;

    [Fact]
    public void Crash_before_any_step_loses_and_doubles_nothing()
    {
        var steps = StepsOfAWholeRun();
        Assert.True(steps > 100);
        for (var step = 1L; step <= steps; step++)
        {
            Converges(seed: null, step);
        }
    }

    [Fact]
    public void Crash_during_the_recovery_from_a_crash_loses_and_doubles_nothing()
    {
        var steps = (int)StepsOfAWholeRun();
        var random = new Random(11);
        for (var pair = 0; pair < 1500; pair++)
        {
            Converges(random.Next(), random.Next(1, steps), random.Next(1, steps / 2));
        }
    }

    private static long StepsOfAWholeRun()
    {
        var world = NewWorld();
        Assert.True(Live(world, seed: null, dieBefore: null));
        return world.Process!.Steps;
    }

    private static void Converges(int? seed, params ReadOnlySpan<long> crashes)
    {
        var world = NewWorld();
        foreach (var step in crashes)
        {
            Live(world, seed, step);
            Assert.InRange(world.Logs["in"].Confirmed, 0, world.Storages.Values.Min(storage => storage.Visible.Count(item => item.Version == 1)));
        }

        Assert.True(Live(world, seed, dieBefore: null), $"seed {seed}, crashes {string.Join(", ", crashes.ToArray())}: the pipeline stands still");
        foreach (var storage in world.Storages.Values)
        {
            foreach (var version in new[] { 1, 2 })
            {
                Assert.Equal(Enumerable.Range(0, Items), storage.Visible.Where(item => item.Version == version).Select(item => item.Id));
            }
        }
    }

    /// <summary>One life of the process, with a checkpoint always on its way.</summary>
    /// <returns>Whether it came to its end.</returns>
    private static bool Live(FakeWorld world, int? seed, long? dieBefore)
    {
        world.Store.AbandonLease();
        var process = world.Process = new SimulatedProcess(seed, DateTimeOffset.UnixEpoch);
        if (dieBefore is { } step)
        {
            process.DieBefore(step);
        }

        var runner = world.Runner(TwoBranchesTwoSinks, FakeWorld.UntilCaughtUp);
        var run = runner.RunAsync(CancellationToken.None);
        var checkpoint = Task.CompletedTask;
        var ended = process.Run(() =>
        {
            checkpoint = checkpoint.IsCompleted ? runner.CheckpointAsync(CancellationToken.None) : checkpoint;
            return run.IsCompleted;
        });
        Assert.Empty(process.Escapes);
        Assert.False(run.IsFaulted, run.Exception?.ToString());
        return ended;
    }

    private static FakeWorld NewWorld()
    {
        var world = new FakeWorld();
        world.Log("in", roundLength: 2).Feed(FakeWorld.Items(0, Items));
        world.Storage("staged", SinkKind.Staged);
        world.Storage("transactional", SinkKind.Transactional);
        foreach (var storage in world.Storages.Values)
        {
            // A step before each call; its effect and the steps that follow are then apart from what came before.
            storage.Before = async (_, _) => await Task.Yield();
        }

        return world;
    }

    private static void TwoBranchesTwoSinks(PipelineBuilder builder)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
        var stage = builder.Stage("One", items);
        var one = stage.Output<Item>("One");
        stage.Run(new Numbering(one.Collector));
        var two = builder.Async("Two", items, new AsyncNumbering(), new AsyncOptions(3, Ordering.PerKey));
        var both = builder.Merge("Both", one.Stream, two);
        builder.Sink<Item, ItemCodec>("staged", both, new FakeSinkAttribute("staged"));
        builder.Sink<Item, ItemCodec>("transactional", both, new FakeSinkAttribute("transactional"));
    }

    private sealed class Numbering(BatchCollector<Item> output) : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                output.Add(Change<Item>.Insert(change.Row with { Version = 1 }, change.Metadata));
            }
        }
    }

    private sealed class AsyncNumbering : IAsyncOperator<Item, Item>
    {
        public int KeyHash(in Change<Item> change) => change.Row.Id;

        public async ValueTask InvokeAsync(Change<Item> change, AsyncCollector<Item> output, CancellationToken cancellationToken)
        {
            await Task.Yield();
            output.Add(Change<Item>.Insert(change.Row with { Version = 2 }, change.Metadata));
        }
    }
}
