using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>Rows that a transform cannot take, and what the messages say to do with them.</summary>
public sealed class RejectTests : WayOutTest
{
    [Fact]
    [Trait("WayOut", "CDCF2003")]
    public async Task Transform_that_throws_is_named_with_the_key_and_told_by_the_configuration_to_set_such_changes_aside()
    {
        Database("flawed-db").Transaction(transaction => transaction.Insert(new Item(2, "no")).Insert(new Item(3, "three")));
        var said = await FailsTwiceAsync<FlawedPipeline>(ErrorCodes.TransformFailed);
        Assert.Contains("Node 'Shorten' threw ArgumentOutOfRangeException on the change of key 2 of Item at ", said, StringComparison.Ordinal);
        Assert.Contains("or CdcFlow:flawed:Nodes:Shorten:OnError=DeadLetter.", said, StringComparison.Ordinal);

        var run = await RunAsync<FlawedPipeline>("--set", "CdcFlow:flawed:Nodes:Shorten:OnError=DeadLetter");
        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.Contains("CDCF2042: 'Shorten' has set 1 changes aside and skipped 0 since it was last said. The last: Node 'Shorten' threw", run.All, StringComparison.Ordinal);
        Assert.Equal([1L, 3L], InMemoryOutput.Rows<Item>("flawed-out").Keys.Cast<long>().Order());
        var rejected = Assert.Single(InMemoryOutput.Rejects("flawed-out"));
        Assert.Equal(("Shorten", "2", """{"id":2,"name":"no"}"""), (rejected.Node, rejected.Key, rejected.Row));
        await GoesOnAsync<FlawedPipeline>("--set", "CdcFlow:flawed:Nodes:Shorten:OnError=DeadLetter");

        var list = await ProgramRun.OfAsync<FlawedPipeline>(["rejects", "list", "--set", $"CdcFlow:flawed:Checkpoint:Store={Store}"]);
        Assert.True(list.Code == ExitCode.Ok, list.All);
        Assert.Contains("flawed-out: Insert of key 2 of Item at ", list.Output, StringComparison.Ordinal);
        Assert.Contains("rejected by 'Shorten': CDCF2003: Node 'Shorten' threw", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"no\"", list.Output, StringComparison.Ordinal);
        var json = await ProgramRun.OfAsync<FlawedPipeline>(["rejects", "list", "--json", "--max", "1", "--set", $"CdcFlow:flawed:Checkpoint:Store={Store}"]);
        var connection = Assert.Single(System.Text.Json.JsonElement.Parse(json.Output).EnumerateArray());
        Assert.Equal("no", Assert.Single(connection.GetProperty("rejects").EnumerateArray()).GetProperty("evidence").GetProperty("name").GetString());
    }

    [Fact]
    [Trait("WayOut", "CDCF2040")]
    public async Task More_rejects_than_are_allowed_stop_the_pipeline_and_are_allowed_by_the_setting()
    {
        Database("skipping-db").Transaction(transaction => transaction.Insert(new Item(2, "no")).Insert(new Item(3, "no")).Insert(new Item(4, "four")));
        var said = await FailsTwiceAsync<SkippingPipeline>(ErrorCodes.TooManyRejects, ExitCode.Failed, "--set", "CdcFlow:skipping:Rejects:Max=1");
        Assert.Contains("raise CdcFlow:skipping:Rejects:Max", said, StringComparison.Ordinal);
        Assert.Contains("key 3", said, StringComparison.Ordinal);

        var run = await RunAsync<SkippingPipeline>("--set", "CdcFlow:skipping:Rejects:Max=2");
        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.Contains("CDCF2042: 'Shorten' has set 0 changes aside and skipped 2 since", run.All, StringComparison.Ordinal);
        Assert.Equal([1L, 4L], InMemoryOutput.Rows<Item>("skipping-out").Keys.Cast<long>().Order());
        await GoesOnAsync<SkippingPipeline>();
    }

    [Fact]
    [Trait("WayOut", "CDCF2041")]
    public async Task Sink_without_a_place_for_rejects_is_refused_and_the_node_skips_them_instead()
    {
        Database("placeless-db").Transaction(transaction => transaction.Insert(new Item(2, "no")));
        var said = await FailsTwiceAsync<PlacelessPipeline>(ErrorCodes.NoPlaceForRejects);
        Assert.Contains("Set OnError of 'Shorten' to Skip", said, StringComparison.Ordinal);
        Assert.Contains("as CdcFlow:placeless:Nodes:Shorten:OnError.", said, StringComparison.Ordinal);
        var validate = await ProgramRun.OfAsync<PlacelessPipeline>(["validate", "--set", $"CdcFlow:placeless:Checkpoint:Store={Store}"]);
        Assert.Contains(ErrorCodes.NoPlaceForRejects, validate.All, StringComparison.Ordinal);

        await GoesOnAsync<PlacelessPipeline>("--set", "CdcFlow:placeless:Nodes:Shorten:OnError=Skip");
        Assert.Equal([1L], InMemoryOutput.Rows<Item>("placeless-out", SinkKind.Transactional).Keys.Cast<long>());
    }
}
