using CdcFlow.Testing;

namespace OrdersToKafka.Tests;

/// <summary>The whole pipeline in memory: neither PostgreSQL nor Kafka is needed.</summary>
public sealed class OrdersToKafkaPipelineTests
{
    [Fact]
    public void Filter_is_a_plain_method() => Assert.False(OrdersToKafkaPipeline.NotCancelled(Order(1, 10m, OrderStatus.Cancelled)));

    [Theory]
    [InlineData(499.99, Lane.Small)]
    [InlineData(500, Lane.Large)]
    public void Invoices_are_sorted_by_size(decimal total, Lane lane) =>
        Assert.Equal(lane, OrdersToKafkaPipeline.BySize(OrdersToKafkaPipeline.Bill(Order(1, total))));

    [Fact]
    public async Task Topics_of_one_checkpoint_become_visible_together()
    {
        await using var harness = await StartAsync(Order(1, 10m), Order(2, 900m));
        await harness.DrainAsync();
        Assert.Empty(harness.Sink(OrdersToKafkaPipeline.Sinks.Orders).Committed);
        Assert.Empty(harness.Sink(OrdersToKafkaPipeline.Sinks.Small).Committed);

        await harness.CheckpointAsync();
        Assert.Equal([1L, 2L], harness.Sink(OrdersToKafkaPipeline.Sinks.Orders).Rows.Keys.Order());
        Assert.Equal([1L], harness.Sink(OrdersToKafkaPipeline.Sinks.Small).Rows.Keys);
        Assert.Equal([2L], harness.Sink(OrdersToKafkaPipeline.Sinks.Large).Rows.Keys);
    }

    [Fact]
    public async Task Invoice_that_grows_moves_to_the_other_topic()
    {
        await using var harness = await StartAsync(Order(1, 10m));
        harness.Source(OrdersToKafkaPipeline.Sources.Orders).Transaction(tx => tx.Update(Order(1, 10m), Order(1, 900m)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Empty(harness.Sink(OrdersToKafkaPipeline.Sinks.Small).Rows);
        Assert.Equal(900m, harness.Sink(OrdersToKafkaPipeline.Sinks.Large).Rows[1L].Net);
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public async Task Every_change_is_in_its_topic_once_wherever_the_process_dies(CrashPoint point)
    {
        await using var harness = await StartAsync(Order(1, 10m), Order(2, 20m));
        await harness.DrainAsync();
        harness.Crash.At(point);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => harness.CheckpointAsync());

        await harness.RestartAsync();
        harness.Source(OrdersToKafkaPipeline.Sources.Orders).Transaction(tx => tx.Insert(Order(3, 30m)).Update(Order(2, 20m), Order(2, 20m, OrderStatus.Cancelled)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Equal([1L, 3L], harness.Sink(OrdersToKafkaPipeline.Sinks.Small).Rows.Keys.Order());
        harness.Sink(OrdersToKafkaPipeline.Sinks.Orders).ShouldHaveAppliedEachChangeOnce();
        harness.Sink(OrdersToKafkaPipeline.Sinks.Small).ShouldHaveAppliedEachChangeOnce();
    }

    private static async Task<PipelineHarness> StartAsync(params Order[] orders)
    {
        var harness = await PipelineHarness.StartAsync<OrdersToKafkaPipeline>(options => options.CheckpointsByHand());
        harness.Source(OrdersToKafkaPipeline.Sources.Orders).Snapshot(orders).EndSnapshot();
        return harness;
    }

    private static Order Order(long id, decimal total, OrderStatus status = OrderStatus.New) => new(id, 7, total, status, null, 1);
}
