using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Nodes;

/// <summary>How long a batch took each node, on a clock that only the nodes' own waits move.</summary>
public sealed class BatchTimeTests
{
    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Every_node_tells_once_per_batch_and_an_asynchronous_one_when_all_of_it_is_done()
    {
        var told = new List<(string Node, double Seconds)>();
        var world = new FakeWorld { Process = process, BatchProcessed = (node, elapsed) => told.Add((node, elapsed.TotalSeconds)) };
        world.Log("in", roundLength: 3).Feed(FakeWorld.Items(0, 3));
        world.Storage("out", SinkKind.Transactional).Before = (call, token) => call == "write" ? WaitAsync(5, token) : Task.CompletedTask;

        var run = world.Runner(Build, FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);
        Assert.True(process.Run(() => run.IsCompleted));

        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal([("Same", 0), ("Slow", 6), ("out", 5)], told);
    }

    private void Build(PipelineBuilder builder)
    {
        var stage = builder.Stage("Same", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")));
        var same = stage.Output<Item>("Same");
        stage.Run(new Passing(same.Collector));
        var slow = builder.Async("Slow", same.Stream, new Waiting(token => WaitAsync(2, token)), new AsyncOptions(1, Ordering.Strict));
        builder.Sink<Item, ItemCodec>("out", slow, new FakeSinkAttribute("out"));
    }

    private Task WaitAsync(int seconds, CancellationToken token) => Task.Delay(TimeSpan.FromSeconds(seconds), process.Time, token);

    private sealed class Passing(BatchCollector<Item> output) : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                output.Add(change);
            }
        }
    }

    private sealed class Waiting(Func<CancellationToken, Task> wait) : IAsyncOperator<Item, Item>
    {
        public int KeyHash(in Change<Item> change) => change.Row.Id;

        public async ValueTask InvokeAsync(Change<Item> change, AsyncCollector<Item> output, CancellationToken cancellationToken)
        {
            await wait(cancellationToken);
            output.Add(change);
        }
    }
}
