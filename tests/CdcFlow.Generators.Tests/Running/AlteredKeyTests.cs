using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Operators;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>A map that alters the value of the key is found at the first such row; keys that all changes of a row have are nobody's fault.</summary>
public sealed class AlteredKeyTests
{
    private static readonly Order small = new(1, 7, 50m, OrderStatus.Paid);
    private static readonly Order large = new(2, 7, 150m, OrderStatus.Paid);

    [Fact]
    public void Row_whose_key_is_kept_passes_and_another_stops_the_map()
    {
        var output = new BatchCollector<OrderDoc>();
        var error = Assert.Throws<CdcFlowException>(() => StageRun.Run<RekeyingPipeline, Order>(
            "MappedStage", [Change<Order>.Insert(small, StageRun.Meta), Change<Order>.Insert(large, StageRun.Meta)], output, new BatchCollector<OrderDoc>()));
        Assert.Equal((ErrorCodes.KeyAltered, true, false), (error.Code, error.IsOfRow, error.IsTransient));
        Assert.Equal("'Mapped' gave OrderDoc.Id another value than Order.Id has, in a row of public.orders at 7/3/0: deletes travel by Order.Id, so that this row's would hit another row or none.", error.Happened);
        Assert.StartsWith("Give OrderDoc.Id the value of Order.Id in 'Mapped'", error.Fix, StringComparison.Ordinal);
        Assert.Equal(1L, Assert.Single(StageRun.Drain<OrderDoc>(output)).After!.Id);
    }

    [Fact]
    public async Task Each_kind_of_map_sets_such_a_row_aside_and_names_its_key()
    {
        await using var harness = await PipelineHarness.StartAsync<RekeyingPipeline>(options => options.CheckpointsByHand());
        harness.Source(RekeyingPipeline.Sources.Orders).Transaction(tx =>
        {
            tx.Insert(small);
            tx.Insert(large);
        });
        await harness.DrainAsync();
        await harness.CheckpointAsync();

        foreach (var sink in new[] { harness.Sink(RekeyingPipeline.Sinks.Mapped), harness.Sink(RekeyingPipeline.Sinks.Dropping), harness.Sink(RekeyingPipeline.Sinks.Waiting) })
        {
            Assert.Equal([1L], sink.Rows.Keys.Cast<long>());
            var rejected = Assert.Single(sink.Rejects);
            Assert.Equal((ErrorCodes.KeyAltered, "2"), (rejected.Code, rejected.Key));
        }
    }

    [Fact]
    public async Task Row_that_is_set_by_the_method_that_takes_it_is_found_too()
    {
        await using var harness = await PipelineHarness.StartAsync<KeySettingPipeline>(options => options.CheckpointsByHand());
        harness.Source(KeySettingPipeline.Sources.Parcels).Transaction(tx => tx.Insert(new Parcel { Code = "a", Weight = 1 }));
        await harness.DrainAsync();
        Assert.Equal(ErrorCodes.KeyAltered, (await Assert.ThrowsAsync<CdcFlowException>(harness.CheckpointAsync)).Code);
    }

    [Fact]
    public async Task Convergence_fails_on_an_altered_key() =>
        Assert.Equal(ErrorCodes.KeyAltered, (await Assert.ThrowsAsync<CdcFlowException>(
            () => PipelineHarness.ConvergesAsync<ShiftedPipeline>(CrashPoint.AfterPrepare, seed: 3, changes: 100))).Code);

    [Fact]
    public async Task Keys_that_all_changes_of_a_row_have_leave_nothing_behind()
    {
        await using var harness = await PipelineHarness.StartAsync<CoveredKeysPipeline>(options => options.CheckpointsByHand());
        var orders = harness.Source(CoveredKeysPipeline.Sources.Orders);
        orders.Transaction(tx => tx.Insert(small));
        orders.Transaction(tx => tx.Update(small, small with { Status = OrderStatus.Cancelled }));
        await harness.DrainAsync();
        await harness.CheckpointAsync();
        Assert.Equal([1001L], harness.Sink(CoveredKeysPipeline.Sinks.Whole).Rows.Keys.Cast<long>());
        Assert.All(
            new[] { harness.Sink(CoveredKeysPipeline.Sinks.Fanned), harness.Sink(CoveredKeysPipeline.Sinks.Moving), harness.Sink(CoveredKeysPipeline.Sinks.Moved) },
            sink => Assert.Equal([12L], sink.Rows.Keys.Cast<long>()));

        orders.Transaction(tx => tx.Delete(small with { Status = OrderStatus.Cancelled }));
        await harness.DrainAsync();
        await harness.CheckpointAsync();
        Assert.All(
            new[]
            {
                harness.Sink(CoveredKeysPipeline.Sinks.Whole), harness.Sink(CoveredKeysPipeline.Sinks.Fanned), harness.Sink(CoveredKeysPipeline.Sinks.Moving),
                harness.Sink(CoveredKeysPipeline.Sinks.Moved),
            },
            sink => Assert.Empty(sink.Rows));
    }

    [Fact]
    public Task Keys_that_all_changes_of_a_row_have_converge() =>
        PipelineHarness.ConvergesAsync<CoveredKeysPipeline>(CrashPoint.AfterPrepare, seed: 3, changes: 200);
}
