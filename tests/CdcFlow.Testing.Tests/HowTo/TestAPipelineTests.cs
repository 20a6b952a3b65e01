namespace CdcFlow.Testing.Tests.HowTo;

/// <summary>The code of <c>docs/how-to/test-a-pipeline.md</c>; a test holds that the page shows these lines.</summary>
public sealed class TestAPipelineTests
{
    [Fact]
    public void Filter_is_a_plain_method() => Assert.False(ShopPipeline.NotCancelled(O(1, 1m, OrderStatus.Cancelled)));

    [Fact]
    public async Task Order_is_indexed_once_even_if_we_crash_mid_commit()
    {
        await using var h = await PipelineHarness.StartAsync<ShopPipeline>(o => o
            .WithService<IFraudApi>(new FakeFraud()).CheckpointsByHand());
        var orders = h.Source(ShopPipeline.Sources.Orders);
        var search = h.Sink(ShopPipeline.Sinks.Search);

        orders.Snapshot(O(1, 10m)).EndSnapshot();
        orders.Transaction(tx => tx.Insert(O(2, 20m)).Update(O(1, 10m), O(1, 11m)));
        await h.DrainAsync();                                   // returns when nothing is in flight
        Assert.Equal(3, search.Staged.Count);                   // written, not yet visible
        Assert.Empty(search.Committed);
        await h.CheckpointAsync();                              // one barrier through the graph, then commit
        Assert.Equal(11m, search.Rows[1L].Total);

        orders.Transaction(tx => tx.Delete(O(2, 20m)).Update(O(1, 11m), O(1, 11m, OrderStatus.Cancelled)));
        h.Crash.At(CrashPoint.AfterPrepare, search);            // the sink has prepared, the checkpoint is not durable
        await Assert.ThrowsAsync<SimulatedCrashException>(() => h.CheckpointAsync());
        await h.RestartAsync();                                 // from the last committed checkpoint; the source goes back
        await h.DrainAsync();
        await h.CheckpointAsync();
        Assert.Empty(search.Rows);                              // one deleted, the other filtered out and taken back
        search.ShouldHaveAppliedEachChangeOnce();
    }

    [Fact]
    public async Task Order_changed_behind_the_barrier_waits_for_the_next_checkpoint()
    {
        await using var h = await PipelineHarness.StartAsync<ShopPipeline>(o => o
            .WithService<IFraudApi>(new FakeFraud()).CheckpointsByHand());
        var orders = h.Source(ShopPipeline.Sources.Orders);
        var search = h.Sink(ShopPipeline.Sinks.Search);
        orders.Snapshot(O(1, 10m)).EndSnapshot();
        await h.DrainAsync();

        h.Barrier.Hold(nameof(ShopPipeline.Index));             // or Hold(search)
        var checkpoint = h.RequestCheckpoint();                 // CheckpointAsync would wait for it
        await h.DrainAsync();                                   // the barrier waits before Index
        orders.Transaction(tx => tx.Update(O(1, 10m), O(1, 11m)));
        await h.DrainAsync();
        Assert.Single(search.Staged);                           // the update is behind the barrier
        h.Barrier.Release();
        await h.DrainAsync();
        Assert.True(checkpoint.IsCompletedSuccessfully);
        Assert.Equal(10m, search.Rows[1L].Total);
        await h.CheckpointAsync();
        Assert.Equal(11m, search.Rows[1L].Total);
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public Task Converges_from_any_crash(CrashPoint at) =>
        PipelineHarness.ConvergesAsync<ShopPipeline>(at, seed: 42, changes: 1_000, o => o.WithService<IFraudApi>(new FakeFraud()));

    [Fact]
    public async Task Graph_stays_as_it_is() => Assert.Equal(
        """
        flowchart LR
          n0[("Orders<br/>InMemorySource shop<br/>Order")]
          n1{"NotCancelled<br/>Order"}
          n2["Index<br/>OrderDocument"]
          n3[["search<br/>InMemoryStagedSink search<br/>OrderDocument"]]
          n0 --> n1
          n1 --> n2
          n2 --> n3
        """,
        (await PipelineHarness.StartAsync<ShopPipeline>(o => o.WithService<IFraudApi>(new FakeFraud()))).Graph.ToMermaid());

    [Fact]
    public async Task Transform_that_answers_differently_the_second_time_is_found()
    {
        var error = await Assert.ThrowsAsync<AuditException>(() => PipelineHarness.ConvergesAsync<ShopPipeline>(
            CrashPoint.AfterPrepare, seed: 42, changes: 200, o => o.WithService<IFraudApi>(new FickleFraud())));
        Assert.Contains("seed: 42", error.Message, StringComparison.Ordinal);
    }

    private static Order O(long id, decimal total, OrderStatus status = OrderStatus.New) => new(id, 7, total, status);

    private sealed class FakeFraud : IFraudApi
    {
        public ValueTask<bool> IsSuspectAsync(long orderId, CancellationToken cancellationToken) => new(orderId % 13 == 0);
    }

    private sealed class FickleFraud : IFraudApi
    {
        private int calls;

        public ValueTask<bool> IsSuspectAsync(long orderId, CancellationToken cancellationToken) => new(new Random(++calls).Next(2) == 0);
    }
}
