using System.Text.RegularExpressions;
using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

/// <summary>The hash of what a method makes of a row: it stays where nothing can come out otherwise, and changes where something may.</summary>
public sealed partial class NodeContentTests
{
    private const string Rows = """
        public sealed record Order([property: Key] long Id, decimal Total, string? Note);
        public sealed record Middle([property: Key] long Id, decimal Total);
        public sealed record Doc([property: Key] long Id, decimal Total);

        """;

    private const string Filter = "[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > 100;";

    public static TheoryData<string> SameFilters => new(
        "[Filter(From = nameof(Orders))]\n\n    public static bool IsLarge(Order order)\n        =>   order.Total\n> 100;",
        "[Filter(From = nameof(Orders))]\r\n    public static bool IsLarge(Order order) =>\r\n        order.Total > 100;\r\n",
        "/// <summary>A remark.</summary>\n[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => /* large */ order.Total > 100; // so it is",
        "[Filter(From = nameof(Orders))] internal static bool IsLarge(Order order) => order.Total > 100;",
        "[Filter(From = nameof(Orders))] public static bool IsBig(Order order) => order.Total > 100;",
        "[NodeId(\"Large\"), Filter(From = \"Orders\", MaxConcurrency = 1)] public static bool IsLarge(Order order) => order.Total > 100;",
        "#if SOMETHING\n    // no more\n#endif\n[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > 100;",
        "[Filter(From = nameof(Orders), OnDrop = OnDrop.Retract)] [Obsolete] public static bool IsLarge(Order order) => order.Total > 100;");

    public static TheoryData<string> OtherFilters => new(
        "[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total >= 100;",
        "[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > 10;",
        "[Filter(From = nameof(Orders), Version = \"2\")] public static bool IsLarge(Order order) => order.Total > 100;",
        "[Filter(From = nameof(Orders), OnDrop = OnDrop.Ignore)] public static bool IsLarge(Order order) => order.Total > 100;",
        "[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > Limit; private const decimal Limit = 100;");

    // It is the same on every machine and with every compiler, now and later: checkpoints hold it.
    [Fact]
    public void Is_this_very_text() => Assert.Equal("2-9d7c655ee7183252", ContentOf(Filter));

    [Theory, MemberData(nameof(SameFilters))]
    public void Layout_remarks_names_and_how_it_runs_change_nothing(string filter) => Assert.Equal(ContentOf(Filter), ContentOf(filter));

    [Theory, MemberData(nameof(OtherFilters))]
    public void Whatever_may_let_other_rows_pass_changes_it(string filter) => Assert.NotEqual(ContentOf(Filter), ContentOf(filter));

    [Fact]
    public void Line_ends_inside_a_text_change_nothing()
    {
        const string text = "[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Note == @\"one\ntwo\";";
        Assert.Equal(ContentOf(text), ContentOf(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Constant_elsewhere_counts_by_its_value()
    {
        static string With(string value) => $"[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => order.Total > Limits.Large; private static class Limits {{ public const decimal Large = {value}; }}";
        Assert.Equal(ContentOf(With("100")), ContentOf(With("50 + 50")));
        Assert.NotEqual(ContentOf(With("100")), ContentOf(With("10")));
    }

    [Fact]
    public void Columns_of_rows_that_no_source_gives_count()
    {
        const string map = """
            [Transform(From = nameof(Orders))] public static Middle ToMiddle(Order order) => new(order.Id, order.Total);
            [Transform(From = nameof(ToMiddle)), InMemorySink("lake", Name = "docs")] public static Doc ToDoc(Middle middle) => new(middle.Id, middle.Total);
            """;
        Assert.NotEqual(ContentOf(map), ContentOf(map, Rows.Replace("Middle([property: Key] long Id, decimal Total)", "Middle([property: Key] long Id, double Total)", StringComparison.Ordinal)
            .Replace("Order([property: Key] long Id, decimal Total", "Order([property: Key] long Id, double Total", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[Transform(From = nameof(Orders)), InMemorySink(\"lake\", Name = \"sums\")] public static Sums Sum(Order order) => new(order.Id, order.Total, 1);")]
    [InlineData("[Transform(From = nameof(Orders)), InMemorySink(\"lake\", Name = \"sums\")] public static Sums Sum(Order order) => new Sums(order.Id, order.Total, 1);")]
    [InlineData("[Filter(From = nameof(Orders))] public static bool IsSum(Order order) { var (id, net, gross) = new Sums(order.Id, Net: order.Total, Gross: 1); return net > gross && id > 0; }")]
    [InlineData("[Filter(From = nameof(Orders))] public static bool IsSum(Order order) => (object)order is Sums(_, var net, var gross) && net > gross;")]
    public void Parameters_that_change_places_count_where_they_are_not_named(string method)
    {
        const string sums = "public sealed record Sums([property: Key] long Id, decimal Net, decimal Gross);";
        Assert.NotEqual(ContentOf(method, Rows + sums), ContentOf(method, Rows + sums.Replace("decimal Net, decimal Gross", "decimal Gross, decimal Net", StringComparison.Ordinal)));
    }

    // What a sink gets is decided by what feeds it, and never by other sinks.
    [Fact]
    public void Sink_more_on_the_rows_changes_nothing()
    {
        static string With(string sink) => $$"""
            [Transform(From = nameof(Orders)){{sink}}] public static Middle ToMiddle(Order order) => new(order.Id, order.Total);
            [Transform(From = nameof(ToMiddle)), InMemorySink("lake", Name = "docs")] public static Doc ToDoc(Middle middle) => new(middle.Id, middle.Total);
            """;
        Assert.Equal(ContentOf(With("")), ContentOf(With(", InMemorySink(\"lake\", Name = \"middles\")")));
    }

    private static string ContentOf(string members, string rows = Rows)
    {
        var generated = Source.GeneratedText(Pipeline(members, rows));
        return Content().Match(generated).Groups[1].Value;
    }

    private static string Pipeline(string members, string rows) => $$"""
        {{rows}}
        [CdcPipeline("orders")]
        public sealed partial class OrdersPipeline
        {
            [InMemorySource("shop"), InMemorySink("lake", Name = "raw")]
            public partial Changes<Order> Orders { get; }

            {{members}}
        }
        """;

    [GeneratedRegex("Content = \"([0-9]+-[0-9a-f]{16})\"")]
    private static partial Regex Content();
}
