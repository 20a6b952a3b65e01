using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Tests;

/// <summary>A whole pipeline, source to sink, on the ordinary scheduler.</summary>
public sealed class PipelineRunnerTests
{
    private readonly FakeWorld world = new();

    [Theory]
    [InlineData(SinkKind.Transactional)]
    [InlineData(SinkKind.Staged)]
    [InlineData(SinkKind.Idempotent)]
    [InlineData(SinkKind.AtLeastOnce)]
    public async Task Bounded_run_commits_everything_once_and_ends(SinkKind kind)
    {
        world.Log("in").Feed(FakeWorld.Items(0, 1000));
        var storage = world.Storage("out", kind);

        await world.Runner(Straight, FakeWorld.UntilCaughtUp).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(FakeWorld.Items(0, 1000), storage.Visible);
        Assert.Equal(1000, world.Logs["in"].Confirmed);
    }

    private static void Straight(PipelineBuilder builder)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
        builder.Sink<Item, ItemCodec>("out", items, new FakeSinkAttribute("out"));
    }
}
