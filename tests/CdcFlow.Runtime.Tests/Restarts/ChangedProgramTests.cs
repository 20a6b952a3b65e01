using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Tests.Restarts;

/// <summary>What a changed program asks of its sources, and what its checkpoints keep.</summary>
public sealed class ChangedProgramTests
{
    private static readonly TableId orders = new("public", "orders");

    private readonly FakeWorld world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Table_that_gets_another_name_and_its_old_one_back_is_one_all_along()
    {
        var later = new TableId("public", "orders2");
        var log = world.Log("in");
        world.Storage("out", SinkKind.Transactional);
        await RunAsync(PipelineRunnerTests.Straight, log);
        foreach (var (old, now) in new[] { (orders, later), (later, orders) })
        {
            log.Renamed.Clear();
            log.Renamed.Add(old, now);
            log.Table = now;
            await RunAsync(PipelineRunnerTests.Straight);
            Assert.Null(log.Asked[^1]);
            Assert.Empty((await KeptAsync()).FormerTables);
            Assert.Equal([new SourceTable("in", now)], (await KeptAsync()).Tables);
        }
    }

    [Fact]
    public async Task Table_of_another_source_that_has_the_same_name_is_not_read_again()
    {
        var (first, second) = (world.Log("first"), world.Log("second"));
        world.Storage("out", SinkKind.Transactional);
        await RunAsync(Sharded, first, second);
        await RunAsync(builder => Sharded(builder, audited: true));

        Assert.Equal(["public.orders"], first.Asked[^1]!.Tables);
        Assert.Null(second.Asked[^1]);
    }

    private static void Sharded(PipelineBuilder builder) => Sharded(builder, audited: false);

    private static void Sharded(PipelineBuilder builder, bool audited)
    {
        var first = builder.Source<Item, ItemCodec>("First", new FakeSourceAttribute("first"));
        builder.Sink<Item, ItemCodec>("out", first, new FakeSinkAttribute("out"));
        builder.Sink<Item, ItemCodec>("copy", builder.Source<Item, ItemCodec>("Second", new FakeSourceAttribute("second")), new FakeSinkAttribute("out"));
        if (audited)
        {
            builder.Sink<Item, ItemCodec>("audit", first, new FakeSinkAttribute("out"));
        }
    }

    /// <summary>Runs until all is read, of new logs too.</summary>
    private async Task RunAsync(Action<PipelineBuilder> build, params FakeLog[] fresh)
    {
        foreach (var log in fresh)
        {
            log.Table = orders;
            log.Feed(FakeWorld.Items(0, 5));
        }

        await world.Runner(build, FakeWorld.UntilCaughtUp with { OnDefinitionChange = OnDefinitionChange.Resnapshot }).RunAsync(Cancelled);
    }

    private async Task<Definition> KeptAsync()
    {
        var newest = (await world.Store.ListAsync(Cancelled))[0];
        return Assert.IsType<ReadableCheckpoint>(await world.Store.LoadAsync(newest, Cancelled)).Manifest.Definition!;
    }
}
