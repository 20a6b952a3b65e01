using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Operators;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>What the route of <see cref="LanesPipeline"/> gives each branch.</summary>
public sealed class RouteTests
{
    private static readonly Order small = new(1, 7, 10m, OrderStatus.New);
    private static readonly Order large = small with { Total = 500m };

    private readonly BatchCollector<Order> all = new();
    private readonly BatchCollector<Order> express = new();
    private readonly BatchCollector<Order> standard = new();
    private readonly BatchCollector<Order> paid = new();

    [Fact]
    public void Row_goes_to_its_branch_and_to_those_who_take_all()
    {
        Run(Change<Order>.Insert(large, StageRun.Meta));
        Assert.Equal([Operation.Insert], Operations(express));
        Assert.Equal([Operation.Insert], Operations(all));
        Assert.Empty(Operations(standard));
    }

    [Fact]
    public void Row_whose_branch_changed_is_deleted_in_the_old_and_inserted_in_the_new()
    {
        Run(Change<Order>.Update(small, large, StageRun.Meta));
        Assert.Equal([Operation.Insert], Operations(express));
        Assert.Equal([Operation.Delete], Operations(standard));
        Assert.Equal([Operation.Update], Operations(all));
    }

    [Fact]
    public void Row_whose_old_branch_is_unknown_is_deleted_in_all_others()
    {
        Run(Change<Order>.Update(null, large, StageRun.Meta));
        Assert.Equal([Operation.Update], Operations(express));
        var deleted = Assert.Single(StageRun.Drain(standard));
        Assert.Equal((Operation.Delete, BeforeState.KeyOnly, new Order(1, 0, 0, default)), (deleted.Operation, deleted.BeforeState, deleted.Before));
    }

    [Fact]
    public void Delete_reaches_its_branch_only_where_the_old_row_is_known()
    {
        Run(Change<Order>.Delete(large, StageRun.Meta), Change<Order>.DeleteByKey(small, StageRun.Meta));
        Assert.Equal([Operation.Delete, Operation.Delete], Operations(express));
        Assert.Equal([Operation.Delete], Operations(standard));
    }

    [Fact]
    public void Truncate_reaches_every_branch()
    {
        Run(Change<Order>.Truncate(StageRun.Meta));
        Assert.All([express, standard, all, paid], output => Assert.Equal([Operation.Truncate], Operations(output)));
    }

    [Fact]
    public void Filter_that_ignores_drops_takes_nothing_back_but_passes_deletes()
    {
        Run(
            Change<Order>.Insert(large with { Status = OrderStatus.Paid }, StageRun.Meta),
            Change<Order>.Update(large with { Status = OrderStatus.Paid }, large, StageRun.Meta),
            Change<Order>.Delete(large, StageRun.Meta));
        Assert.Equal([Operation.Insert, Operation.Delete], Operations(paid));
    }

    private void Run(params Change<Order>[] changes) =>
        StageRun.Run<LanesPipeline, Order>("ByLaneStage", changes, new LanesPipeline(100m), all, express, standard, paid);

    private static IEnumerable<Operation> Operations(BatchCollector<Order> output) => StageRun.Drain(output).Select(change => change.Operation);
}
