using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Sources;
using static CdcFlow.Checkpointing.Tests.Definitions.Orders;

namespace CdcFlow.Checkpointing.Tests.Definitions;

/// <summary>What becomes of a changed program at its start, by configuration and command line.</summary>
public sealed class DefinitionVerdictTests
{
    private static readonly Definition now = Usual.With(Sink("audit", "Orders", "Order")).With(Filter("IsLarge", "Orders", "cccc", "Total"));

    [Fact]
    public void Stops_with_all_ways_on()
    {
        var error = Judge(new Order()).ToException()!;
        Assert.Equal(CheckpointErrorCodes.DefinitionChanged, error.Code);
        Assert.Equal(
            "CDCF3040: The pipeline has changed since checkpoint 5@2: filter IsLarge has changed; sink audit is new. What was written before is out of date in sink totals. "
            + "What was read before is missing in sink audit. To read again what feeds them: `run --resnapshot public.orders`. These sinks keep what they have, and get it once more: lake. "
            + "To go on as they are, this once: `run --accept`. To have either done at every change: CdcFlow:orders:Definition:OnChange = Resnapshot, or Warn.",
            error.Message);
    }

    [Fact]
    public void Name_that_tables_of_two_connections_have_is_asked_for_once()
    {
        var other = Table with { Connection = "shop2" };
        var change = new DefinitionChange([new ConcernedSink("lake", LacksRows: false, ["sink lake is other"], [Table, other])], [], []);
        Assert.Contains("`run --resnapshot public.orders`", DefinitionVerdict.Of(change, Facts(new Order()) with { Readable = [Table, other] }).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_table_is_one_word_of_the_command()
    {
        var hostile = Table with { Table = new TableId("public", "t;curl x|sh") };
        var change = new DefinitionChange([new ConcernedSink("lake", LacksRows: false, ["sink lake is other"], [Table, hostile])], [], []);
        Assert.Contains("`run --resnapshot public.orders 'public.t;curl x|sh'`", DefinitionVerdict.Of(change, Facts(new Order()) with { Readable = [Table, hostile] }).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_that_comes_back_and_cannot_be_read_again_stops()
    {
        var change = new DefinitionChange([], [new ReturnedTable(Table, ["lake"])], []);
        Assert.False(DefinitionVerdict.Of(change, Facts(new Order())).IsRefusal);
        var verdict = DefinitionVerdict.Of(change, Facts(new Order()) with { Readable = [] });
        Assert.True(verdict.IsRefusal);
        Assert.Contains("table public.orders was not read for a while. What was read before is missing in sink lake.", verdict.Sentence, StringComparison.Ordinal);
        Assert.Contains("Their source cannot read tables again. To go on as they are, this once: `run --accept`", verdict.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_when_it_is_accepted_or_only_warned_of()
    {
        foreach (var order in new[] { new Order(IsAccepted: true), new Order(OnDefinitionChange.Warn), new Order(OnDefinitionChange.Resnapshot, IsAccepted: true) })
        {
            var verdict = Judge(order);
            Assert.False(verdict.IsRefusal);
            Assert.NotNull(verdict.Sentence);
            Assert.Empty(verdict.Again);
        }
    }

    [Fact]
    public void Reads_again_what_feeds_the_sinks_where_it_is_told_to() => Assert.Equal([Table], Judge(new Order(OnDefinitionChange.Resnapshot)).Again);

    [Fact]
    public void Stops_where_what_feeds_them_cannot_be_read_again()
    {
        var verdict = Judge(new Order(OnDefinitionChange.Resnapshot, IsReadable: false));
        Assert.True(verdict.IsRefusal);
        Assert.Contains("Their source cannot read tables again. To go on as they are, this once: `run --accept`", verdict.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_when_the_operator_has_the_tables_read_again()
    {
        var verdict = Judge(new Order(Resnapshot: "orders"));
        Assert.False(verdict.IsRefusal);
        Assert.Null(verdict.Sentence);
        Assert.True(Judge(new Order(Resnapshot: "lines")).IsRefusal);
    }

    [Fact]
    public void Table_that_comes_back_is_read_again_whatever_is_told()
    {
        var before = Usual with { Nodes = [], Sinks = [], FormerTables = [Table] };
        var verdict = DefinitionVerdict.Of(DefinitionChange.Between(before, Usual), Facts(new Order()));
        Assert.Equal([Table], verdict.Again);
        Assert.Contains("Table public.orders was not read for a while: it is emptied downstream and read again.", verdict.Notes);
    }

    [Fact]
    public void Definition_is_kept_by_the_manifest_as_it_is()
    {
        var definition = Usual.With(Usual.Of("totals") with { Inputs = [new DefinedInput("ToTotal", "Express")], Place = null }) with { FormerTables = [Table] };
        var text = ManifestJson.Write(Manifests.Manifest(Manifests.Ref(1)) with { Definition = definition });
        var read = ManifestJson.Read(text);
        Assert.Equal(text, ManifestJson.Write(read));
        Assert.Empty(DefinitionChange.Between(definition, read.Definition!).Concerned);
        Assert.Equal([Table], read.Definition!.FormerTables);
        Assert.Null(ManifestJson.Read(ManifestJson.Write(Manifests.Manifest(Manifests.Ref(1)))).Definition);
    }

    private static DefinitionVerdict Judge(Order order) => DefinitionVerdict.Of(DefinitionChange.Between(Usual, now), Facts(order));

    private static DefinitionFacts Facts(Order order) => new(
        "orders", Manifests.Ref(5, epoch: 2), order.OnChange, order.IsAccepted, order.Resnapshot is { } table ? new ResnapshotRequest("1", [table], Lost: false) : null,
        order.IsReadable ? [Table] : [], _ => ["lake"]);

    private sealed record Order(
        OnDefinitionChange OnChange = OnDefinitionChange.Stop, bool IsAccepted = false, string? Resnapshot = null, bool IsReadable = true);
}
