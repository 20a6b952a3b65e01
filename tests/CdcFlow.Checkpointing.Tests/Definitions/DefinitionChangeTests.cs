using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Sinks;
using static CdcFlow.Checkpointing.Tests.Definitions.Orders;

namespace CdcFlow.Checkpointing.Tests.Definitions;

/// <summary>What a changed program does to rows that were written before: to which, and in words.</summary>
public sealed class DefinitionChangeTests
{
    private static readonly DefinedNode widened =
        Source("Orders", "Order", Table, ("Id", "Int64 of the key"), ("Total", "Decimal"), ("Note", "String"), ("Discount", "Decimal"));

    [Fact]
    public void Same_definition_concerns_nobody()
    {
        var change = DefinitionChange.Between(Usual, Usual);
        Assert.Empty(change.Concerned);
        Assert.Empty(change.Notes);
        Assert.Empty(change.Returned);
    }

    [Fact]
    public void New_column_concerns_the_sinks_that_it_comes_to()
    {
        var lake = Usual.Of("lake");
        var now = Usual.With(widened).With(lake with { Columns = widened.Source!.Columns });
        Concerns(now, ("lake", false, "row type Order has a new column Discount"));
    }

    [Fact]
    public void New_column_that_a_method_may_look_at_concerns_the_sinks_behind_it()
    {
        var before = Usual.With(Usual.Nodes.Single(node => node.Id == "ToTotal") with { LooksAt = null });
        Assert.Equal(["lake", "totals"], DefinitionChange.Between(before, before.With(widened)).Concerned.Select(sink => sink.Sink));
    }

    /// <summary>The method's words are the same: <c>Total</c> is another column now, or two properties have exchanged theirs.</summary>
    [Theory]
    [InlineData("Total", "Net")]
    [InlineData("Total,Note", "Note,Total")]
    public void Property_that_is_bound_to_another_column_concerns_the_sinks_behind_its_methods(string before, string now)
    {
        var usual = Usual.With(Source("Orders", "Order", Table, ("Id", "Int64 of the key"), ("Total", "Decimal"), ("Net", "Decimal"), ("Note", "Decimal"))).Without("lake");
        var change = DefinitionChange.Between(usual.With(Map("ToTotal", "IsLarge", "bbbb", before.Split(','))), usual.With(Map("ToTotal", "IsLarge", "bbbb", now.Split(','))));
        var words = $"transform ToTotal now looks at {now.Replace(",", ", ", StringComparison.Ordinal)} where it looked at {before.Replace(",", ", ", StringComparison.Ordinal)}";
        Assert.Equal(("totals", words), (Assert.Single(change.Concerned).Sink, Assert.Single(change.Concerned[0].Why)));
    }

    [Fact]
    public void Columns_that_another_method_makes_the_source_read_concern_nobody()
    {
        var usual = Usual.Without("lake");
        var before = usual.With(Source("Orders", "Order", Table, ("Id", "Int64 of the key"), ("Total", "Decimal")));
        Assert.Empty(DefinitionChange.Between(before, usual).Concerned);
        Assert.Empty(DefinitionChange.Between(usual, before).Concerned);
    }

    [Fact]
    public void Column_of_another_type_or_gone_is_named()
    {
        var now = Usual.With(Source("Orders", "Order", Table, ("Id", "Int64 of the key"), ("Total", "Double")));
        Concerns(
            now,
            ("lake", false, "column Total of row type Order is Double instead of Decimal; row type Order has no column Note any more"),
            ("totals", false, "column Total of row type Order is Double instead of Decimal"));
    }

    [Fact]
    public void Changed_filter_concerns_the_sinks_behind_it() =>
        Concerns(Usual.With(Filter("IsLarge", "Orders", "cccc", "Total")), ("totals", false, "filter IsLarge has changed"));

    [Fact]
    public void Renamed_method_concerns_nobody()
    {
        var now = Usual.Without("IsLarge").With(Filter("IsBig", "Orders", "aaaa", "Total")).With(Map("ToTotal", "IsBig", "bbbb", "Total"));
        Concerns(now);
    }

    [Fact]
    public void Method_between_or_no_longer_between_is_named()
    {
        Concerns(Usual.With(Map("ToTotal", "Orders", "bbbb", "Total")), ("totals", false, "filter IsLarge is no longer on the way to sink totals"));
        Concerns(
            Usual.With(Filter("IsPaid", "IsLarge", "cccc")).With(Map("ToTotal", "IsPaid", "bbbb", "Total")),
            ("totals", false, "filter IsPaid is new on the way to sink totals"));
    }

    [Fact]
    public void Other_branch_is_named()
    {
        var before = Usual.With(Usual.Of("totals") with { Inputs = [new DefinedInput("ToTotal", "Standard")] });
        var now = Usual.With(Usual.Of("totals") with { Inputs = [new DefinedInput("ToTotal", "Express")] });
        var sink = Assert.Single(DefinitionChange.Between(before, now).Concerned);
        Assert.Equal(["sink totals takes Express of ToTotal instead of Standard"], sink.Why);
    }

    [Fact]
    public void New_sink_of_a_table_that_was_read_lacks_its_rows() =>
        Concerns(Usual.With(Sink("audit", "Orders", "Order")), ("audit", true, "sink audit is new"));

    [Fact]
    public void New_sink_of_a_new_table_is_filled_by_itself()
    {
        var now = Usual.With(Source("Lines", "Line", new SourceTable("shop", new TableId("public", "lines")), ("Id", "Int64 of the key"))).With(Sink("lines", "Lines", "Line"));
        Assert.Equal(["sink lines is new, and so is what feeds it"], Concerns(now).Notes);
    }

    [Fact]
    public void Sink_and_table_that_are_gone_are_only_told()
    {
        Assert.Equal(["sink totals is gone, and what it has written stays"], Concerns(Usual.Without("totals", "ToTotal", "IsLarge")).Notes);
        var more = Usual.With(Source("Lines", "Line", new SourceTable("shop", new TableId("public", "lines")))).With(Sink("lines", "Lines", "Line"));
        var change = DefinitionChange.Between(more, Usual);
        Assert.Empty(change.Concerned);
        Assert.Equal(["sink lines is gone, and what it has written stays", "table public.lines is read no more, and rows of it that were written stay"], change.Notes);
    }

    [Fact]
    public void Renamed_sink_concerns_nobody() =>
        Assert.Equal(["sink sums was named totals"], Concerns(Usual.Without("totals").With(Usual.Of("totals") with { Name = "sums" })).Notes);

    // Two places of which nothing is known are not known to be one.
    [Fact]
    public void Sink_that_does_not_say_where_it_writes_is_new_under_another_name()
    {
        var silent = Usual.Of("totals") with { Settings = SinkContent.Unknown.Settings, Place = null };
        var change = DefinitionChange.Between(Usual.With(silent), Usual.Without("totals").With(silent with { Name = "sums" }));
        var sink = Assert.Single(change.Concerned);
        Assert.Equal(("sums", true), (sink.Sink, sink.LacksRows));
        Assert.Equal(["sink sums is new"], sink.Why);
        Assert.Equal(["sink totals is gone, and what it has written stays"], change.Notes);

        var placed = silent with { Place = "16385" };
        change = DefinitionChange.Between(Usual.With(placed), Usual.Without("totals").With(placed with { Name = "sums" }));
        Assert.Empty(change.Concerned);
        Assert.Equal(["sink sums was named totals"], change.Notes);
    }

    [Fact]
    public void Hashes_of_another_scheme_are_not_compared_and_that_is_told()
    {
        var before = Usual.With(Filter("IsLarge", "Orders", "1-00000000000000aa", "Total")).With(Map("ToTotal", "IsLarge", "by hand", "Total"));
        var now = before.With(Filter("IsLarge", "Orders", "2-00000000000000bb", "Total"));
        var change = DefinitionChange.Between(before, now);
        Assert.Empty(change.Concerned);
        Assert.Equal(
            ["CdcFlow tells in another way what methods do, so that whether one has changed is not known this once, and the next change is noticed"], change.Notes);

        Assert.Equal(
            ["filter IsLarge has changed"],
            Assert.Single(DefinitionChange.Between(now, now.With(Filter("IsLarge", "Orders", "2-00000000000000cc", "Total"))).Concerned).Why);
        Assert.Equal(
            ["transform ToTotal has changed"],
            Assert.Single(DefinitionChange.Between(before, now.With(Map("ToTotal", "IsLarge", "by hand, later", "Total"))).Concerned).Why);
    }

    [Fact]
    public void Sink_of_another_connector_under_the_same_names_lacks_the_rows_of_before()
    {
        var before = Usual.Of("totals") with { Connector = "PostgresSink" };
        var now = before with { Connector = "FileSink", Place = null, Settings = new Dictionary<string, string> { ["Folder"] = "totals", ["Format"] = "JsonLines" } };
        var sink = Assert.Single(DefinitionChange.Between(Usual.With(before), Usual.With(now)).Concerned);
        Assert.Equal(("totals", true, "sink totals is a FileSink instead of a PostgresSink"), (sink.Sink, sink.LacksRows, Assert.Single(sink.Why)));
        Assert.Empty(DefinitionChange.Between(Usual, Usual.With(before)).Concerned); // a checkpoint of before does not say
    }

    [Fact]
    public void Setting_and_place_of_a_sink_are_named()
    {
        var totals = Usual.Of("totals");
        Concerns(
            Usual.With(totals with { Settings = new Dictionary<string, string> { ["Table"] = "public.sums", ["Mode"] = "Upsert" }, Place = SinkContent.NoPlace }),
            ("totals", true, "sink totals has Table public.sums instead of public.totals"));
        Concerns(Usual.With(totals with { Place = "20001" }), ("totals", true, "the table of sink totals is another one than before, or is missing"));
        Concerns(Usual.With(totals with { Place = null }));
        Concerns(Usual.With(totals with { Connection = "other" }), ("totals", true, "sink totals writes to connection other instead of bus"));
        Concerns(Usual.With(totals with { Settings = new Dictionary<string, string> { ["Table"] = "public.totals", ["Later"] = "whatever" } }));
    }

    [Fact]
    public void Source_of_another_table_is_named_unless_the_table_was_renamed()
    {
        var moved = new TableId("public", "orders2");
        var now = Usual.With(Usual.Nodes[0] with { Source = Usual.Nodes[0].Source! with { Table = new SourceTable("shop", moved) } });
        Concerns(
            now, ("lake", false, "source Orders reads public.orders2 instead of public.orders"), ("totals", false, "source Orders reads public.orders2 instead of public.orders"));
        var change = DefinitionChange.Between(Usual.Renamed("shop", new Dictionary<TableId, TableId> { [Table.Table] = moved }), now);
        Assert.Empty(change.Concerned);
        Assert.Empty(change.Notes);
    }

    [Fact]
    public void Table_that_comes_back_is_known_from_before()
    {
        var lines = new SourceTable("shop", new TableId("public", "lines"));
        var more = Usual.With(Source("Lines", "Line", lines)).With(Sink("lines", "Lines", "Line"));
        var less = Usual.After(more);
        Assert.Equal([lines], less.FormerTables);
        Assert.Equal([lines], Usual.After(less).FormerTables);
        var change = DefinitionChange.Between(Usual.After(less), more);
        Assert.Equal([lines], change.Returned.Select(returned => returned.Table));
        Assert.Empty(change.Concerned);
        Assert.Empty(more.After(less).FormerTables);
    }

    [Fact]
    public void Other_order_of_methods_is_named()
    {
        var before = Usual.With(Filter("IsPaid", "IsLarge", "cccc")).With(Map("ToTotal", "IsPaid", "bbbb", "Total"));
        var now = Usual.With(Filter("IsPaid", "Orders", "cccc")).With(Filter("IsLarge", "IsPaid", "aaaa", "Total")).With(Map("ToTotal", "IsLarge", "bbbb", "Total"));
        Assert.Equal(["what feeds sink totals is in another order"], Assert.Single(DefinitionChange.Between(before, now).Concerned).Why);
    }

    private static DefinitionChange Concerns(Definition now, params (string Sink, bool LacksRows, string Why)[] sinks)
    {
        var change = DefinitionChange.Between(Usual, now);
        Assert.Equal(sinks, change.Concerned.Select(sink => (sink.Sink, sink.LacksRows, string.Join("; ", sink.Why))).OrderBy(sink => sink.Sink, StringComparer.Ordinal));
        return change;
    }
}
