using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Operators;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>Dropping maps, whole changes and asynchronous nodes of <see cref="ShapesPipeline"/>.</summary>
public sealed class ShapeTests
{
    private static readonly Order small = new(1, 7, 10m, OrderStatus.New);
    private static readonly Order large = small with { Total = 500m };

    private readonly BatchCollector<OrderDoc> largeDocs = new();
    private readonly BatchCollector<OrderDoc> audit = new();
    private readonly BatchCollector<OrderDoc> rows = new();

    [Fact]
    public void Null_drops_and_an_update_to_null_deletes_by_key()
    {
        Run(Change<Order>.Insert(small, StageRun.Meta), Change<Order>.Update(large, small, StageRun.Meta), Change<Order>.Update(small, large, StageRun.Meta));
        Assert.Equal([Operation.Delete, Operation.Insert], StageRun.Drain(largeDocs).Select(change => change.Operation));
    }

    [Fact]
    public void Metadata_reaches_the_method()
    {
        Run(Change<Order>.Insert(large, StageRun.Meta));
        Assert.True(Assert.Single(StageRun.Drain(largeDocs)).Row.IsLarge);
    }

    [Fact]
    public void Method_that_takes_the_change_decides_alone()
    {
        Run(Change<Order>.Insert(large, StageRun.Meta), Change<Order>.Delete(large, StageRun.Meta), Change<Order>.Truncate(StageRun.Meta));
        Assert.Equal([Operation.Insert, Operation.Truncate], StageRun.Drain(audit).Select(change => change.Operation));
    }

    [Fact]
    public void Row_made_of_a_whole_change_keeps_its_operation()
    {
        Run(Change<Order>.DeleteByKey(large, StageRun.Meta));
        var change = Assert.Single(StageRun.Drain(rows));
        Assert.Equal((Operation.Delete, BeforeState.KeyOnly, true), (change.Operation, change.BeforeState, change.Before!.IsLarge));
    }

    [Fact]
    public void Row_with_a_value_that_the_log_did_not_carry_stops_a_method_that_uses_it()
    {
        var error = Assert.Throws<CdcFlowException>(() => Run(Unchanged(nameof(Order.Total))));
        Assert.Equal(ErrorCodes.UnchangedColumn, error.Code);
        Assert.Contains("'OnlyLarge' uses Total", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_with_an_unchanged_value_that_no_method_uses_passes()
    {
        Run(Unchanged(nameof(Order.Note)));
        Assert.Single(StageRun.Drain(largeDocs));
    }

    [Fact]
    public async Task Asynchronous_map_is_called_and_drops_by_key()
    {
        var made = await StageRun.InvokeAsync<ShapesPipeline, Order, OrderDoc>("EnrichOperator", Change<Order>.Insert(large, StageRun.Meta), new ShapesPipeline());
        Assert.Equal(new OrderDoc(1, 500m, true), Assert.Single(made).After);
        var dropped = await StageRun.InvokeAsync<ShapesPipeline, Order, OrderDoc>("EnrichOperator", Change<Order>.Update(large, small, StageRun.Meta), new ShapesPipeline());
        Assert.Equal((Operation.Delete, 1L), (Assert.Single(dropped).Operation, dropped[0].Before!.Id));
    }

    [Fact]
    public async Task Asynchronous_filter_takes_back_what_stops_passing()
    {
        var update = Change<OrderDoc>.Update(new OrderDoc(2, 1, true), new OrderDoc(3, 1, true), StageRun.Meta);
        Assert.Equal(Operation.Delete, Assert.Single(await StageRun.InvokeAsync<ShapesPipeline, OrderDoc, OrderDoc>("IsEvenOperator", update)).Operation);
    }

    [Fact]
    public void Lane_of_a_change_is_the_hash_of_its_key()
    {
        var enrich = StageRun.Operator<ShapesPipeline, Order, OrderDoc>("EnrichOperator", new ShapesPipeline());
        Assert.Equal(enrich.KeyHash(Change<Order>.Insert(large, StageRun.Meta)), enrich.KeyHash(Change<Order>.DeleteByKey(small, StageRun.Meta)));
        Assert.NotEqual(enrich.KeyHash(Change<Order>.Insert(large, StageRun.Meta)), enrich.KeyHash(Change<Order>.Insert(large with { Id = 2 }, StageRun.Meta)));
    }

    private static Change<Order> Unchanged(string property)
    {
        var schema = Codec.Schema<OrdersPipeline>("OrderCodec");
        return new(Operation.Update, BeforeState.Absent, null, large, new ColumnSet(schema, [.. schema.Columns.Select(column => column.Property == property)]), StageRun.Meta);
    }

    private void Run(params Change<Order>[] changes) => StageRun.Run<ShapesPipeline, Order>("OnlyLargeStage", changes, largeDocs, audit, rows);
}
