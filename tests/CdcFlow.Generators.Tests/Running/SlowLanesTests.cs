using System.Globalization;
using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>Asynchronous filters and routes: each branch is told what a synchronous route would tell it, whatever overtakes what.</summary>
public sealed class SlowLanesTests
{
    private static readonly Order small = new(1, 7, 10m, OrderStatus.New);
    private static readonly Order large = small with { Total = 9_000m };

    private readonly Clerk clerk = new();

    [Fact]
    public async Task Row_whose_branch_changed_is_deleted_in_the_old_and_inserted_in_the_new()
    {
        var (all, express, standard) = await RouteAsync(Change<Order>.Update(small, large, StageRun.Meta));
        Assert.Equal([Operation.Update], all);
        Assert.Equal([Operation.Insert], express);
        Assert.Equal([Operation.Delete], standard);
    }

    [Fact]
    public async Task Row_whose_old_branch_is_unknown_is_deleted_in_all_others()
    {
        var (_, express, standard) = await RouteAsync(Change<Order>.Update(null, large, StageRun.Meta));
        Assert.Equal([Operation.Update], express);
        Assert.Equal([Operation.Delete], standard);
    }

    [Fact]
    public async Task Delete_reaches_its_branch_only_where_the_old_row_is_known()
    {
        var (_, express, standard) = await RouteAsync(Change<Order>.Delete(large, StageRun.Meta));
        Assert.Equal([Operation.Delete], express);
        Assert.Empty(standard);
        (_, express, standard) = await RouteAsync(Change<Order>.DeleteByKey(large, StageRun.Meta));
        Assert.Equal([Operation.Delete], express);
        Assert.Equal([Operation.Delete], standard);
    }

    [Fact]
    public async Task Truncate_reaches_every_branch_in_its_place()
    {
        await using var harness = await PipelineHarness.StartAsync<SlowLanesPipeline>(o => o.WithService<SlowLanesPipeline.IClerk>(clerk).CheckpointsByHand());
        var orders = harness.Source(SlowLanesPipeline.Sources.Orders).EndSnapshot();
        orders.Transaction(tx => tx.Insert(large).Insert(small with { Id = 2 }).Truncate<Order>().Insert(small with { Id = 3 }));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Equal([Operation.Insert, Operation.Truncate], Operations(harness.Sink(SlowLanesPipeline.Sinks.Express)));
        Assert.Equal([Operation.Insert, Operation.Truncate, Operation.Insert], Operations(harness.Sink(SlowLanesPipeline.Sinks.Standard)));
        Assert.Empty(harness.Sink(SlowLanesPipeline.Sinks.Express).Rows);
        Assert.Equal([3L], harness.Sink(SlowLanesPipeline.Sinks.All).Rows.Keys);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task Every_branch_holds_its_rows_after_any_interleaving(int seed)
    {
        await using var harness = await PipelineHarness.StartAsync<SlowLanesPipeline>(o => o
            .WithService<SlowLanesPipeline.IClerk>(clerk).CheckpointsByHand().ReadingInSmallRounds().WithSeed(seed));
        var orders = harness.Source(SlowLanesPipeline.Sources.Orders);
        var random = new Random(seed);
        orders.Snapshot([.. Enumerable.Range(0, 10).Select(id => Make(random, id))]).EndSnapshot();
        for (var change = 0; change < 200; change++)
        {
            ChangeOne(orders, random);
        }

        await harness.DrainAsync();
        await harness.CheckpointAsync();

        var open = orders.Rows.Where(row => row.Value.Status != OrderStatus.Cancelled).ToList();
        AssertShows(harness, SlowLanesPipeline.Sinks.Open, open);
        AssertShows(harness, SlowLanesPipeline.Sinks.All, open);
        AssertShows(harness, SlowLanesPipeline.Sinks.Express, open.Where(row => row.Value.Total > SlowLanesPipeline.Limit));
        AssertShows(harness, SlowLanesPipeline.Sinks.Standard, open.Where(row => row.Value.Total <= SlowLanesPipeline.Limit));
        AssertShows(harness, SlowLanesPipeline.Sinks.Paid, open.Where(row => row.Value is { Total: > SlowLanesPipeline.Limit, Status: OrderStatus.Paid }));
        Assert.Equal(1, clerk.MostOfOneKeyAtOnce);
        Assert.InRange(clerk.MostAtOnce, 2, 4 + 3);
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public Task Every_branch_converges_from_any_crash(CrashPoint at) => PipelineHarness.ConvergesAsync<SlowLanesPipeline>(
        at, seed: 11, changes: 400, o => o.WithService<SlowLanesPipeline.IClerk>(new Clerk()));

    private async Task<(Operation[] All, Operation[] Express, Operation[] Standard)> RouteAsync(Change<Order> change)
    {
        var outputs = await StageRun.InvokeAsync<SlowLanesPipeline, Order, Order>("ByLaneOperator", 3, change, new SlowLanesPipeline(clerk));
        var operations = outputs.Select(output => output.Select(each => each.Operation).ToArray()).ToList();
        return (operations[0], operations[1], operations[2]);
    }

    private static void ChangeOne(TestSource<Order> orders, Random random)
    {
        var made = Make(random, random.Next(12));
        orders.Transaction(tx => _ = !orders.Rows.TryGetValue(made.Id, out var before) ? tx.Insert(made)
            : random.Next(4) == 0 ? tx.Delete(before)
            : tx.Update(before, made));
    }

    private static Order Make(Random random, int id) => new(id, 7, random.Next(10_000), (OrderStatus)random.Next(3), random.Next().ToString(CultureInfo.InvariantCulture));

    private static void AssertShows(PipelineHarness harness, SinkRef<Order> sink, IEnumerable<KeyValuePair<object, Order>> rows)
    {
        Assert.Equal(rows.OrderBy(row => row.Value.Id), harness.Sink(sink).Rows.OrderBy(row => row.Value.Id));
        harness.Sink(sink).ShouldHaveAppliedEachChangeOnce();
    }

    private static IEnumerable<Operation> Operations(TestSink<Order> sink) => sink.Committed.Select(change => change.Operation);

    /// <summary>Looks at each order for a number of turns that depends on it, and notes who is looked at together. Runs on the harness's one thread.</summary>
    private sealed class Clerk : SlowLanesPipeline.IClerk
    {
        private readonly List<(string Node, long Id)> inside = [];

        public int MostAtOnce { get; private set; }

        public int MostOfOneKeyAtOnce { get; private set; }

        public async ValueTask LookAtAsync(string node, Order order, CancellationToken cancellationToken)
        {
            inside.Add((node, order.Id));
            MostAtOnce = Math.Max(MostAtOnce, inside.Count);
            MostOfOneKeyAtOnce = Math.Max(MostOfOneKeyAtOnce, inside.Count(other => other == (node, order.Id)));
            for (var turn = 0; turn < order.Total % 5; turn++)
            {
                await Task.Yield();
            }

            inside.Remove((node, order.Id));
        }
    }
}
