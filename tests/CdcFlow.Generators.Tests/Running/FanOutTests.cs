using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Operators;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>What the fan-outs of <see cref="BasketsPipeline"/> give.</summary>
public sealed class FanOutTests
{
    private static readonly Basket old = new(1, "apple,bread");
    private static readonly Basket now = new(1, "bread,cheese");

    [Fact]
    public void Insert_gives_a_row_each() =>
        Assert.Equal([(Operation.Insert, "apple"), (Operation.Insert, "bread")], Run(Change<Basket>.Insert(old, StageRun.Meta)));

    [Fact]
    public void Snapshot_read_stays_one() =>
        Assert.Equal([(Operation.SnapshotRead, "apple"), (Operation.SnapshotRead, "bread")], Run(Change<Basket>.SnapshotRead(old, StageRun.Meta)));

    [Fact]
    public void Update_takes_back_what_is_no_longer_made_and_updates_what_is() =>
        Assert.Equal(
            [(Operation.Delete, "apple"), (Operation.Update, "bread"), (Operation.Insert, "cheese")],
            Run(Change<Basket>.Update(old, now, StageRun.Meta)));

    [Fact]
    public void Delete_takes_back_everything() =>
        Assert.Equal([(Operation.Delete, "apple"), (Operation.Delete, "bread")], Run(Change<Basket>.Delete(old, StageRun.Meta)));

    [Fact]
    public void Update_without_the_old_row_stops_and_says_what_to_do()
    {
        var error = Assert.Throws<CdcFlowException>(() => Run(Change<Basket>.Update(null, now, StageRun.Meta)));
        Assert.Equal(ErrorCodes.FanOutNeedsBefore, error.Code);
        Assert.Contains("'Unpack'", error.Message, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE public.orders REPLICA IDENTITY FULL", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Fan_out_that_ignores_drops_needs_no_old_row_and_says_nothing_about_deletes()
    {
        var kept = new BatchCollector<Item>();
        Change<Basket>[] changes = [Change<Basket>.Update(old, now, StageRun.Meta), Change<Basket>.Delete(now, StageRun.Meta)];
        StageRun.Run<BasketsPipeline, Basket>("UnpackStage", changes, new BatchCollector<Item>(), kept);
        Assert.Equal([(Operation.Update, "bread"), (Operation.Update, "cheese")], StageRun.Drain(kept).Select(Show));
    }

    [Fact]
    public void Fan_out_behind_maps_takes_back_what_it_made_of_the_old_row()
    {
        Assert.Equal(
            [(Operation.Delete, "apple"), (Operation.Update, "bread"), (Operation.Insert, "cheese")],
            RunClean(Change<Basket>.Update(old with { Items = " apple,bread" }, now, StageRun.Meta)));
        Assert.Equal([(Operation.Delete, "bread"), (Operation.Delete, "cheese")], RunClean(Change<Basket>.Update(now, now with { Items = " " }, StageRun.Meta)));
        Assert.Equal([(Operation.Delete, "bread"), (Operation.Delete, "cheese")], RunClean(Change<Basket>.Delete(now, StageRun.Meta)));
        Assert.Equal([(Operation.Insert, "bread"), (Operation.Insert, "cheese")], RunClean(Change<Basket>.Update(now with { Items = "" }, now, StageRun.Meta)));
    }

    [Fact]
    public async Task Asynchronous_fan_out_does_the_same()
    {
        var output = await StageRun.InvokeAsync<BasketsPipeline, Basket, Item>("UnpackSlowlyOperator", Change<Basket>.Update(old, now, StageRun.Meta));
        Assert.Equal([(Operation.Delete, "apple"), (Operation.Update, "bread"), (Operation.Insert, "cheese")], output.Select(Show));
    }

    private static IEnumerable<(Operation, string)> RunClean(Change<Basket> change) =>
        StageRun.Of<CleanBasketsPipeline, Basket, Item>("CleanStage", change).Select(Show);

    private static List<(Operation, string)> Run(Change<Basket> change)
    {
        var items = new BatchCollector<Item>();
        StageRun.Run<BasketsPipeline, Basket>("UnpackStage", [change], items, new BatchCollector<Item>());
        return [.. StageRun.Drain(items).Select(Show)];
    }

    private static (Operation, string) Show(Change<Item> change) => (change.Operation, change.Row.Name);
}
