using CdcFlow.Generators.Tests.Compiling;
using CdcFlow.Generators.Tests.Pipelines;
using Microsoft.CodeAnalysis;

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
    [InlineData("WidePipelineMadeCodec", "making a row looks at it")]
    [InlineData("WidePipelineKeylessCodec", "no column would be left")]
    public void Row_that_anybody_may_see_whole_is_read_whole(string codec, string why) =>
        Assert.True(Columns<WidePipeline>(codec).Contains("Note"), why);

    [Theory]
    [InlineData("public sealed record Order([property: Key] long Id, decimal Total, string? Note);", true)]
    [InlineData("public sealed class Order { [Key] public long Id { get; set; } public decimal Total { get => Note is null ? 0 : field; set; } public string? Note { get; set; } }", false)]
    public void Row_type_of_another_assembly_is_read_whole_and_what_its_properties_look_at_is_known(string row, bool isPlain)
    {
        using var library = new MemoryStream();
        var compiled = Source.Compile(Source.Shop + row).WithAssemblyName("Rows").Emit(library, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(compiled.Success, string.Join(Environment.NewLine, compiled.Diagnostics));
        var pipeline = Source.Compile(Source.Shop + Pipeline("=> order.Total > 100;")).AddReferences(MetadataReference.CreateFromImage(library.ToArray()));
        var text = Assert.Single(Source.Generate(pipeline).Result.GeneratedTrees).ToString();
        Assert.DoesNotContain("unused:", text, StringComparison.Ordinal);
        Assert.Equal(isPlain, text.Contains("""Require(change, "IsLarge", nameof(global::Shop.Order.Total))""", StringComparison.Ordinal));
    }

    [Fact]
    public void Method_whose_body_stands_elsewhere_may_look_at_anything()
    {
        const string Row = "public sealed record Order([property: Key] long Id, decimal Total, string? Note);";
        var here = Source.GeneratedText(Row + Pipeline("=> order.Total > 100;"));
        var elsewhere = Source.GeneratedText(Row + Pipeline("; public static partial bool IsLarge(Order order) => order.Total > 100;", "partial "));
        Assert.Contains("unused: Note.", here, StringComparison.Ordinal);
        Assert.DoesNotContain("unused:", elsewhere, StringComparison.Ordinal);
    }

    private static string Pipeline(string body, string modifier = "") => $$"""
        [CdcPipeline("orders")]
        public sealed partial class OrdersPipeline
        {
            [InMemorySource("shop")] public partial Changes<Order> Orders { get; }
            [Filter(From = nameof(Orders)), Discard] public static {{modifier}}bool IsLarge(Order order) {{body}}
            [Transform(From = nameof(IsLarge)), InMemorySink("lake")] public static Doc ToDoc(Order order) => new(order.Id);
        }
        public sealed record Doc([property: Key] long Id);
        """;

    private static List<string> Columns<TPipeline>(string codec) => [.. Codec.Schema<TPipeline>(codec).Columns.Select(column => column.Property)];
}
