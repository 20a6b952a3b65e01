using CdcFlow.Generators.Tests.Pipelines;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>Sources ask for the columns of a codec's schema: those that a node may look at, and the key.</summary>
public sealed class ColumnsInUseTests
{
    [Fact]
    public void Column_that_no_method_looks_at_is_not_asked_for() =>
        Assert.Equal(["Id", "Total", "Status"], Columns<NarrowPipeline>("OrderCodec"));

    [Fact]
    public void Row_is_made_of_the_columns_in_use_and_defaults()
    {
        var codec = Codec.Of<NarrowPipeline, Order>("OrderCodec");
        Assert.Equal(new Order(1, 0, 9.5m, OrderStatus.Paid), codec.Read(new FakeRow([1L, 9.5m, "paid"])));
        Assert.Equal(new Order(1, 0, 0, default), codec.ReadKey(new FakeRow([1L, null, null])));
        Assert.Equal([1L, 9.5m, "Paid"], codec.Write(new Order(1, 7, 9.5m, OrderStatus.Paid, "note")));
    }

    [Fact]
    public void Unchanged_column_that_is_not_asked_for_stops_nothing()
    {
        var schema = Codec.Schema<NarrowPipeline>("OrderCodec");
        var change = new Change<Order>(Operation.Update, BeforeState.Absent, null, new Order(1, 0, 0, default), new ColumnSet(schema, [false, true, false]), StageRun.Meta);
        var error = Assert.Throws<CdcFlowException>(() => StageRun.Of<NarrowPipeline, Order, OrderDoc>("NotCancelledStage", change));
        Assert.Contains("'Summarize' uses Total", error.Message, StringComparison.Ordinal);
        change = new(Operation.Update, BeforeState.Absent, null, new Order(1, 0, 0, default), new ColumnSet(schema, [false, false, false]), StageRun.Meta);
        Assert.Single(StageRun.Of<NarrowPipeline, Order, OrderDoc>("NotCancelledStage", change));
    }

    [Theory]
    [InlineData("WidePipelineSunkCodec", "a sink writes it as it is")]
    [InlineData("WidePipelineChangedCodec", "a method takes the whole change")]
    [InlineData("WidePipelineHandedCodec", "a method hands it to other code")]
    [InlineData("WidePipelineComputedCodec", "a property is computed from others")]
    [InlineData("WidePipelineKeylessCodec", "no column would be left")]
    public void Row_that_anybody_may_see_whole_is_read_whole(string codec, string why) =>
        Assert.True(Columns<WidePipeline>(codec).Contains("Note"), why);

    private static List<string> Columns<TPipeline>(string codec) => [.. Codec.Schema<TPipeline>(codec).Columns.Select(column => column.Property)];
}
