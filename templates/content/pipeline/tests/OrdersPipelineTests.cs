using CdcFlow.Testing;

namespace MyPipeline.Tests;

/// <summary>The pipeline in memory: everything but the servers is what runs in production, crashes included.</summary>
public sealed class OrdersPipelineTests
{
    [Fact]
    public void Methods_are_tested_by_calling_them() => Assert.False(OrdersPipeline.NotCancelled(Order(1, OrderStatus.Cancelled)));

    [Fact]
    public async Task Order_that_is_cancelled_later_is_taken_back()
    {
        await using var harness = await StartAsync(Order(1), Order(2));
        harness.Source(OrdersPipeline.Sources.Orders).Transaction(tx => tx.Update(Order(1), Order(1, OrderStatus.Cancelled)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Equal([2L], harness.Sink(OrdersPipeline.Sinks.Invoices).Rows.Keys);
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public async Task Every_change_arrives_wherever_the_process_dies(CrashPoint point)
    {
        await using var harness = await StartAsync(Order(1), Order(2));
        await harness.DrainAsync();
        harness.Crash.At(point);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => harness.CheckpointAsync());

        await harness.RestartAsync();
        harness.Source(OrdersPipeline.Sources.Orders).Transaction(tx => tx.Insert(Order(3)).Delete(Order(2)));
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        Assert.Equal([1L, 3L], harness.Sink(OrdersPipeline.Sinks.Invoices).Rows.Keys.Order());
    }

    private static async Task<PipelineHarness> StartAsync(params Order[] orders)
    {
        var harness = await PipelineHarness.StartAsync<OrdersPipeline>(options => options.CheckpointsByHand());
        harness.Source(OrdersPipeline.Sources.Orders).Snapshot(orders).EndSnapshot();
        return harness;
    }

    private static Order Order(long id, OrderStatus status = OrderStatus.New) => new(id, CustomerId: 7, Total: 10m, status, Note: null);
}
