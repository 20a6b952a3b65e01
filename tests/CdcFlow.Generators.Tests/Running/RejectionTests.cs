using CdcFlow.Generators.Tests.Pipelines;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>A change that a node throws on is set aside or skipped there, and everything else of it goes on: in the whole run time, in memory.</summary>
public sealed class RejectionTests
{
    private static readonly string[] things = ["apple", "bread", "cheese", "knife", "glass", "stone", "milk", "salt", "tea", "rice", "oil", "fig"];

    [Fact]
    public async Task Sinks_behind_the_node_lack_the_change_and_keep_it_and_the_others_have_it()
    {
        await using var harness = await StartAsync();
        Insert(harness, new Basket(1, "apple,bread"), new Basket(2, "apple,stone"), new Basket(3, "cheese"));

        await CommitAsync(harness);

        Assert.Equal([1L, 2L, 3L], harness.Sink(RejectingPipeline.Sinks.Raw).Rows.Keys.Cast<long>().Order());
        Assert.Equal(["apple", "bread", "cheese"], Names(harness.Sink(RejectingPipeline.Sinks.Items)));
        foreach (var sink in new[] { harness.Sink(RejectingPipeline.Sinks.Items), harness.Sink(RejectingPipeline.Sinks.Labels), harness.Sink(RejectingPipeline.Sinks.Checked) })
        {
            var rejected = Assert.Single(sink.Rejects);
            Assert.Equal(("Unpack", ErrorCodes.TransformFailed, "2", Operation.Insert), (rejected.Node, rejected.Code, rejected.Key, rejected.Operation));
            Assert.Equal("""{"id":2,"items":"apple,stone"}""", rejected.Row);
            Assert.Equal("secret of a stone", rejected.Message);
            Assert.StartsWith("Node 'Unpack' threw FormatException on the change of key 2 of ", rejected.Cause, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", rejected.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty(harness.Sink(RejectingPipeline.Sinks.Raw).Rejects);
        Assert.Empty(harness.Sink(RejectingPipeline.Sinks.Sizes).Rejects);
        Assert.Equal(3, harness.Sink(RejectingPipeline.Sinks.Sizes).Rows.Count);
    }

    [Fact]
    public async Task One_row_of_several_that_a_change_became_is_rejected_alone()
    {
        await using var harness = await StartAsync();
        Insert(harness, new Basket(1, "apple,glass,bread,glass"), new Basket(2, "knife,cheese"));

        await CommitAsync(harness);

        Assert.Equal(["apple", "bread", "cheese", "glass", "glass", "knife"], Names(harness.Sink(RejectingPipeline.Sinks.Items)));
        Assert.Equal(["apple", "bread", "cheese", "knife"], Names(harness.Sink(RejectingPipeline.Sinks.Labels)));
        Assert.Equal("Label", Assert.Single(harness.Sink(RejectingPipeline.Sinks.Labels).Rejects).Node);
        Assert.Equal(["apple", "bread", "cheese"], Names(harness.Sink(RejectingPipeline.Sinks.Checked)));
        Assert.Equal(["Label", "Check"], harness.Sink(RejectingPipeline.Sinks.Checked).Rejects.Select(rejected => rejected.Node).OrderDescending());
    }

    [Fact]
    public async Task Rows_that_came_of_one_change_before_the_chain_are_rejected_each()
    {
        await using var harness = await PipelineHarness.StartAsync<RejectingLinesPipeline>(options => options.CheckpointsByHand());
        harness.Source(RejectingLinesPipeline.Sources.Baskets).Transaction(tx => tx.Insert(new Basket(1, "apple,glass,glass,stone,bread")).Insert(new Basket(2, "glass")));

        await CommitAsync(harness);

        var sink = harness.Sink(RejectingLinesPipeline.Sinks.Labels);
        Assert.Equal(["apple", "bread"], Names(sink));
        Assert.Equal(["a glass", "a glass", "a stone", "a glass"], sink.Rejects.Select(rejected => rejected.Message));
    }

    [Fact]
    public async Task Update_that_is_rejected_leaves_the_old_row_and_says_so_and_a_later_one_passes()
    {
        await using var harness = await StartAsync();
        Insert(harness, new Basket(1, "apple"));
        await CommitAsync(harness);
        var baskets = harness.Source(RejectingPipeline.Sources.Baskets);
        baskets.Transaction(tx => tx.Update(new Basket(1, "apple"), new Basket(1, "stone")));
        await CommitAsync(harness);

        Assert.Equal(["apple"], Names(harness.Sink(RejectingPipeline.Sinks.Items)));
        Assert.True(Assert.Single(harness.Sink(RejectingPipeline.Sinks.Items).Rejects).LeavesOldRow);

        baskets.Transaction(tx => tx.Update(new Basket(1, "stone"), new Basket(1, "bread")));
        await CommitAsync(harness);
        Assert.Contains("bread", Names(harness.Sink(RejectingPipeline.Sinks.Items)));
    }

    [Fact]
    public async Task Change_that_is_skipped_is_kept_nowhere_and_stops_nothing()
    {
        await using var harness = await StartAsync();
        Insert(harness, new Basket(1, ""), new Basket(2, "apple"));

        await CommitAsync(harness);

        Assert.Equal([2L], harness.Sink(RejectingPipeline.Sinks.Sizes).Rows.Keys.Cast<long>());
        Assert.Empty(harness.Sink(RejectingPipeline.Sinks.Sizes).Rejects);
    }

    [Theory]
    [InlineData(CrashPoint.BeforeBarrier)]
    [InlineData(CrashPoint.DuringAlign)]
    [InlineData(CrashPoint.AfterPrepare)]
    [InlineData(CrashPoint.DuringCommit)]
    public async Task Crash_keeps_a_rejected_change_once(CrashPoint at)
    {
        await using var harness = await StartAsync();
        Insert(harness, new Basket(1, "apple,bread"), new Basket(2, "stone"), new Basket(3, "glass"), new Basket(4, "knife"));
        await harness.DrainAsync();
        harness.Crash.At(at);
        await Assert.ThrowsAsync<SimulatedCrashException>(harness.CheckpointAsync);
        await harness.RestartAsync();
        await CommitAsync(harness);

        Assert.Equal(["Check", "Label", "Unpack"], harness.Sink(RejectingPipeline.Sinks.Checked).Rejects.Select(rejected => rejected.Node).Order());
        Assert.Equal(["Label", "Unpack"], harness.Sink(RejectingPipeline.Sinks.Labels).Rejects.Select(rejected => rejected.Node).Order());
    }

    [Fact]
    public async Task Filter_and_route_that_throw_reject_for_all_behind_them_and_a_branch_for_itself_alone()
    {
        await using var harness = await PipelineHarness.StartAsync<RejectingRoutesPipeline>(options => options.CheckpointsByHand());
        var orders = harness.Source(RejectingRoutesPipeline.Sources.Orders);
        var (express, standard) = (harness.Sink(RejectingRoutesPipeline.Sinks.Express), harness.Sink(RejectingRoutesPipeline.Sinks.Standard));
        Order Order(long id, decimal total, string? note = null) => new(id, 7, total, OrderStatus.Paid, note);
        orders.Transaction(tx => tx.Insert(Order(1, 10)).Insert(Order(13, 10)).Insert(Order(2, -1)).Insert(Order(3, 10, "no")).Insert(Order(4, 500)));
        await CommitAsync(harness);

        Assert.Equal([1L], standard.Rows.Keys);
        Assert.Equal([4L], express.Rows.Keys);
        Assert.Equal([("IsKnown", "13"), ("ByLane", "2"), ("Check", "3")], standard.Rejects.Select(rejected => (rejected.Node, rejected.Key)));
        Assert.Equal([("IsKnown", "13"), ("ByLane", "2")], express.Rejects.Select(rejected => (rejected.Node, rejected.Key)));

        // It leaves one branch for the other, whose node fails: the first one has it no more all the same.
        orders.Transaction(tx => tx.Update(Order(4, 500), Order(4, 50, "no")));
        await CommitAsync(harness);
        Assert.Empty(express.Rows);
        Assert.Equal([1L], standard.Rows.Keys);
        Assert.Equal("Check", standard.Rejects[^1].Node);
    }

    [Theory]
    [InlineData(CrashPoint.AfterPrepare)]
    [InlineData(CrashPoint.AfterCheckpointDurable)]
    [InlineData(CrashPoint.DuringCommit)]
    public Task Pipeline_that_rejects_converges_after_crashes(CrashPoint at) => PipelineHarness.ConvergesAsync<RejectingPipeline>(
        at, seed: 7, changes: 200, options => options.WithRows(random => new Basket(random.Next(30), string.Join(',', Enumerable.Range(0, 3).Select(_ => things[random.Next(things.Length)])))));

    private static async Task<PipelineHarness> StartAsync() => await PipelineHarness.StartAsync<RejectingPipeline>(options => options.CheckpointsByHand());

    private static void Insert(PipelineHarness harness, params Basket[] baskets) =>
        harness.Source(RejectingPipeline.Sources.Baskets).Transaction(tx => Array.ForEach(baskets, basket => tx.Insert(basket)));

    private static async Task CommitAsync(PipelineHarness harness)
    {
        await harness.DrainAsync();
        await harness.CheckpointAsync();
    }

    private static IEnumerable<string> Names(TestSink<Item> sink) => sink.Committed.Select(change => change.Row.Name).Order();
}
