using CdcFlow.Operators;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Nodes;

/// <summary>Asynchronous nodes: how many at once, in which order, and that the outputs leave in input order.</summary>
public sealed class AsyncNodeTests
{
    private const int Keys = 5;

    private readonly FakeWorld world;
    private readonly SimulatedProcess process = new(seed: 3, DateTimeOffset.UnixEpoch);
    private readonly FakeStorage storage;

    public AsyncNodeTests()
    {
        world = new FakeWorld { Process = process };
        Feed(roundLength: 40);
        storage = world.Storage("out", SinkKind.Transactional);
    }

    public static TheoryData<int, Ordering> Settings => new MatrixTheoryData<int, Ordering>([1, 2, 7, 64], [Ordering.PerKey, Ordering.Strict, Ordering.Unordered]);

    [Theory, MemberData(nameof(Settings))]
    public void Outputs_leave_in_input_order_and_none_is_lost(int maxConcurrency, Ordering ordering)
    {
        Run(new Probe(), new AsyncOptions(maxConcurrency, ordering));

        Assert.Equal(Enumerable.Range(0, 200), storage.Visible.Select(item => item.Version));
    }

    [Fact]
    public void Changes_of_one_key_never_overlap_and_keys_do()
    {
        var probe = new Probe();

        Run(probe, new AsyncOptions(4, Ordering.PerKey));

        Assert.All(Enumerable.Range(0, Keys), key => Assert.Equal(probe.Begun.Where(item => item.Id == key).OrderBy(item => item.Version), probe.Begun.Where(item => item.Id == key)));
        Assert.Equal(1, probe.MostOfOneKeyAtOnce);
        Assert.InRange(probe.MostAtOnce, 2, 4);
    }

    [Fact]
    public void Batches_of_one_change_are_as_concurrent_as_large_ones()
    {
        Feed(roundLength: 1);
        var probe = new Probe();

        Run(probe, new AsyncOptions(4, Ordering.PerKey));

        Assert.InRange(probe.MostAtOnce, 3, 4);
        Assert.Equal(1, probe.MostOfOneKeyAtOnce);
        Assert.Equal(Enumerable.Range(0, 200), storage.Visible.Select(item => item.Version));
    }

    [Fact]
    public void Strict_works_on_one_change_at_a_time()
    {
        var probe = new Probe();

        Run(probe, new AsyncOptions(16, Ordering.Strict));

        Assert.Equal(1, probe.MostAtOnce);
    }

    [Fact]
    public void Unordered_lets_changes_of_one_key_overlap()
    {
        var probe = new Probe();

        Run(probe, new AsyncOptions(16, Ordering.Unordered));

        Assert.InRange(probe.MostAtOnce, 2, 16);
        Assert.InRange(probe.MostOfOneKeyAtOnce, 2, 16);
    }

    [Fact]
    public void Failure_names_node_and_change_and_stops_the_lanes()
    {
        var probe = new Probe { FailsAt = 17 };

        var run = Start(probe, new AsyncOptions(4, Ordering.PerKey));
        Assert.True(process.Run(() => run.IsCompleted));

        var error = Assert.IsType<CdcFlowException>(run.Exception!.InnerException);
        Assert.Equal("CDCF2003", error.Code);
        Assert.Contains("'Probe'", error.Message, StringComparison.Ordinal);
        Assert.Contains("12/0/0", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, probe.AtOnce);
        Assert.Empty(storage.Visible);
    }

    private void Feed(int roundLength) =>
        world.Log("in", roundLength).Feed(Enumerable.Range(0, 200).Select(version => new Item(version % Keys, version)));

    [Fact]
    public void Each_output_of_a_route_keeps_the_order_of_the_input()
    {
        var odd = world.Storage("odd", SinkKind.Staged);
        var run = world.Runner(
            builder =>
            {
                var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
                var lanes = builder.Async("Probe", items, new Probe { Outputs = 2 }, new AsyncOptions(4, Ordering.PerKey), outputs: 2);
                builder.Sink<Item, ItemCodec>("out", lanes[0], new FakeSinkAttribute("out"));
                builder.Sink<Item, ItemCodec>("odd", lanes[1], new FakeSinkAttribute("odd"));
            },
            FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);

        Assert.True(process.Run(() => run.IsCompleted), "the pipeline stands still");
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal(Enumerable.Range(0, 200).Where(version => version % 2 == 0), storage.Visible.Select(item => item.Version));
        Assert.Equal(Enumerable.Range(0, 200).Where(version => version % 2 == 1), odd.Visible.Select(item => item.Version));
    }

    private void Run(Probe probe, AsyncOptions options)
    {
        var run = Start(probe, options);
        Assert.True(process.Run(() => run.IsCompleted), "the pipeline stands still");
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
    }

    private Task Start(Probe probe, AsyncOptions options) => world.Runner(
        builder =>
        {
            var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
            builder.Sink<Item, ItemCodec>("out", builder.Async("Probe", items, probe, options), new FakeSinkAttribute("out"));
        },
        FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);

    /// <summary>Notes who is inside at once; each call lets others run a varying number of times. Runs on the simulation's one thread.</summary>
    private sealed class Probe : IAsyncOperator<Item, Item>
    {
        private readonly Dictionary<int, int> inside = [];

        public List<Item> Begun { get; } = [];

        public int? FailsAt { get; init; }

        /// <summary>Changes go to them in turn.</summary>
        public int Outputs { get; init; } = 1;

        public int AtOnce => inside.Values.Sum();

        public int MostAtOnce { get; private set; }

        public int MostOfOneKeyAtOnce { get; private set; }

        public int KeyHash(in Change<Item> change) => change.Row.Id;

        public async ValueTask InvokeAsync(Change<Item> change, AsyncCollector<Item> output, CancellationToken cancellationToken)
        {
            var row = change.Row;
            Begun.Add(row);
            inside[row.Id] = inside.GetValueOrDefault(row.Id) + 1;
            MostAtOnce = Math.Max(MostAtOnce, AtOnce);
            MostOfOneKeyAtOnce = Math.Max(MostOfOneKeyAtOnce, inside[row.Id]);
            try
            {
                for (var step = 0; step <= row.Version % 5; step++)
                {
                    await Task.Yield();
                }

                output.Add(row.Version % Outputs, row.Version == FailsAt ? throw new FormatException() : change);
            }
            finally
            {
                inside[row.Id]--;
            }
        }
    }
}
