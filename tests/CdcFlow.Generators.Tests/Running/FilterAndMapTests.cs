using CdcFlow.Generators.Tests.Pipelines;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>What the fused filter and map of <see cref="OrdersPipeline"/> do with every kind of change.</summary>
public sealed class FilterAndMapTests
{
    private static readonly Order paid = new(1, 7, 150m, OrderStatus.Paid);
    private static readonly Order cancelled = paid with { Status = OrderStatus.Cancelled };

    [Fact]
    public void Insert_that_passes_is_mapped()
    {
        var change = Assert.Single(Run(Change<Order>.Insert(paid, StageRun.Meta)));
        Assert.Equal((Operation.Insert, new OrderDoc(1, 150m, true)), (change.Operation, change.After));
        Assert.Equal(StageRun.Meta, change.Metadata);
    }

    [Fact]
    public void Insert_that_does_not_pass_is_dropped() => Assert.Empty(Run(Change<Order>.Insert(cancelled, StageRun.Meta)));

    [Fact]
    public void Update_that_stops_passing_deletes_by_key()
    {
        var change = Assert.Single(Run(Change<Order>.Update(paid, cancelled, StageRun.Meta)));
        Assert.Equal((Operation.Delete, BeforeState.KeyOnly, new OrderDoc(1, 0m, false)), (change.Operation, change.BeforeState, change.Before));
    }

    [Fact]
    public void Update_whose_old_row_is_unknown_deletes_when_it_does_not_pass() =>
        Assert.Equal(Operation.Delete, Assert.Single(Run(Change<Order>.Update(null, cancelled, StageRun.Meta))).Operation);

    [Fact]
    public void Update_that_begins_to_pass_is_an_insert() =>
        Assert.Equal(Operation.Insert, Assert.Single(Run(Change<Order>.Update(cancelled, paid, StageRun.Meta))).Operation);

    [Fact]
    public void Update_that_never_passed_says_nothing() => Assert.Empty(Run(Change<Order>.Update(cancelled, cancelled, StageRun.Meta)));

    [Fact]
    public void Delete_travels_by_key()
    {
        var change = Assert.Single(Run(Change<Order>.DeleteByKey(new Order(1, 0, 0, default), StageRun.Meta)));
        Assert.Equal((Operation.Delete, BeforeState.KeyOnly, 1L), (change.Operation, change.BeforeState, change.Before!.Id));
    }

    [Fact]
    public void Delete_of_a_row_that_never_passed_says_nothing() => Assert.Empty(Run(Change<Order>.Delete(cancelled, StageRun.Meta)));

    [Fact]
    public void Truncate_always_passes() => Assert.Equal(Operation.Truncate, Assert.Single(Run(Change<Order>.Truncate(StageRun.Meta))).Operation);

    private static List<Change<OrderDoc>> Run(Change<Order> change) => StageRun.Of<OrdersPipeline, Order, OrderDoc>("NotCancelledStage", change);
}
