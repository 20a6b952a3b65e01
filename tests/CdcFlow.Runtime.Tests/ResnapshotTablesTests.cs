using CdcFlow.Runtime.Attempts;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Tests;

/// <summary>A request to read tables again that nobody would take is refused, not ignored.</summary>
public sealed class ResnapshotTablesTests
{
    private static readonly TableId orders = new("public", "orders");

    [Fact]
    public void Lost_tables_of_sources_that_read_none_again_are_refused()
    {
        var error = Assert.Throws<CdcFlowException>(() => ResnapshotTables.Require(new ResnapshotRequest("1", [], Lost: true), []));
        Assert.Equal((ErrorCodes.ConfigurationValue, "Start it without --resnapshot."), (error.Code, error.Fix));
    }

    [Fact]
    public void Lost_tables_of_a_source_that_reads_them_again_and_named_ones_are_taken()
    {
        ResnapshotTables.Require(new ResnapshotRequest("1", [], Lost: true), [orders]);
        ResnapshotTables.Require(new ResnapshotRequest("1", ["orders", "public.orders"], Lost: false), [orders]);
        ResnapshotTables.Require(null, []);
    }

    [Fact]
    public void Table_that_no_source_reads_is_refused() =>
        Assert.Contains("names lines", Assert.Throws<CdcFlowException>(() => ResnapshotTables.Require(new ResnapshotRequest("1", ["lines"], Lost: false), [orders])).Happened, StringComparison.Ordinal);
}
