using CdcFlow.Testing;

namespace Orders.Tests;

/// <summary>How a pipeline is tested: its methods by calling them, the whole of it in memory, and its crashes by asking for them.</summary>
public sealed class OrdersPipelineTests
{
    [Fact]
    public void Filter_is_a_plain_method() => Assert.False(OrdersPipeline.NotCancelled(Order(1, 10m, OrderStatus.Cancelled)));

    [Theory]
    [InlineData(100, 119)]
    [InlineData(1.50, 1.79)]
    public void Bill_adds_the_tax_rounded_to_cents(decimal net, decimal gross) => Assert.Equal(gross, OrdersPipeline.Bill(Order(1, net)).Gross);

    [Fact]
    public async Task Changes_are_visible_when_their_checkpoint_is_committed_and_not_before()
    {
        await using var harness = await StartAsync(Order(1, 10m));
        var invoices = harness.Sink(OrdersPipeline.Sinks.Invoices);
        await harness.DrainAsync();
        Assert.Empty(invoices.Committed);

        await harness.CheckpointAsync();
        Assert.Equal(11.90m, invoices.Rows[1L].Gross);
    }

    [Fact]
    public async Task Order_that_is_cancelled_later_is_taken_back()
    {
        await using var harness = await StartAsync(Order(1, 10m), Order(2, 20m));
        harness.Source(OrdersPipeline.Sources.Orders).Transaction(tx => tx.Update(Order(1, 10m), Order(1, 10m, OrderStatus.Cancelled)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Equal([2L], harness.Sink(OrdersPipeline.Sinks.Invoices).Rows.Keys);
    }

    [Fact]
    public async Task Order_that_grows_moves_from_the_small_to_the_large_ones()
    {
        await using var harness = await StartAsync(Order(1, 10m));
        harness.Source(OrdersPipeline.Sources.Orders).Transaction(tx => tx.Update(Order(1, 10m), Order(1, 900m)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Empty(harness.Sink(OrdersPipeline.Sinks.Small).Rows);
        Assert.Equal(900m, harness.Sink(OrdersPipeline.Sinks.Large).Rows[1L].Net);
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public async Task Every_change_takes_effect_once_wherever_the_process_dies(CrashPoint point)
    {
        await using var harness = await StartAsync(Order(1, 10m), Order(2, 20m));
        await harness.DrainAsync();
        harness.Crash.At(point);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => harness.CheckpointAsync());

        await harness.RestartAsync();
        harness.Source(OrdersPipeline.Sources.Orders).Transaction(tx => tx.Insert(Order(3, 30m)).Delete(Order(2, 20m)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Equal([1L, 3L], harness.Sink(OrdersPipeline.Sinks.Invoices).Rows.Keys.Order());
        harness.Sink(OrdersPipeline.Sinks.Invoices).ShouldHaveAppliedEachChangeOnce();
        harness.Sink(OrdersPipeline.Sinks.Audit).ShouldHaveAppliedEachChangeOnce();
    }

    private static async Task<PipelineHarness> StartAsync(params Order[] orders)
    {
        var harness = await PipelineHarness.StartAsync<OrdersPipeline>(options => options.CheckpointsByHand());
        harness.Source(OrdersPipeline.Sources.Orders).Snapshot(orders).EndSnapshot();
        harness.Source(OrdersPipeline.Sources.Customers).Snapshot(new Customer(7, "Ada", "Gold", 1)).EndSnapshot();
        return harness;
    }

    private static Order Order(long id, decimal total, OrderStatus status = OrderStatus.New) => new(id, 7, total, status, null, 1);
}
