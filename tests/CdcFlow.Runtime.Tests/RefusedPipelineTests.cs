using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Operators;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Tests;

/// <summary>Graphs that cannot run and transforms that throw: the error says where.</summary>
public sealed class RefusedPipelineTests
{
    private readonly FakeWorld world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stage_without_an_operator_does_not_run()
    {
        world.Log("in");
        world.Storage("out", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(builder =>
        {
            var stage = builder.Stage("Empty", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")));
            builder.Sink<Item, ItemCodec>("out", stage.Output<Item>("Empty").Stream, new FakeSinkAttribute("out"));
        }).RunAsync(Cancelled));

        Assert.Equal("CDCF2010", error.Code);
    }

    public static TheoryData<string, Action<PipelineBuilder>> InvalidGraphs => new()
    {
        { "'Items'", builder => { PipelineRunnerTests.Straight(builder); builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")); } },
        { "'out'", builder => { PipelineRunnerTests.Straight(builder); builder.Sink<Item, ItemCodec>("out", builder.Source<Item, ItemCodec>("More", new FakeSourceAttribute("in")), new FakeSinkAttribute("out")); } },
        { "transactional", builder => { PipelineRunnerTests.Straight(builder); builder.Sink<Item, ItemCodec>("second", builder.Source<Item, ItemCodec>("More", new FakeSourceAttribute("in")), new FakeSinkAttribute("second")); } },
        { "no source", _ => { } },
        { "'out' is Transactional, and [SinkCapabilities] of MisstatedSinkAttribute says Staged", builder => builder.Sink<Item, ItemCodec>("out", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")), new MisstatedSinkAttribute()) },
    };

    [Theory, MemberData(nameof(InvalidGraphs), DisableDiscoveryEnumeration = true)]
    [Trait("WayOut", "CDCF2010")]
    public async Task Graph_that_cannot_run_says_why(string why, Action<PipelineBuilder> build)
    {
        world.Log("in").Feed(FakeWorld.Items(0, 3));
        var storage = world.Storage("out", SinkKind.Transactional);
        world.Storage("second", SinkKind.Transactional);
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(build).RunAsync(Cancelled));
            Assert.Equal("CDCF2010", error.Code);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
            Assert.StartsWith("Fix the pipeline class, or the code that builds the graph", error.Fix, StringComparison.Ordinal);
        }

        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);
        Assert.Equal(FakeWorld.Items(0, 3), storage.Visible);
    }

    [Fact]
    public async Task Transform_that_throws_is_named_with_its_place_and_without_its_message()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 10));
        world.Storage("out", SinkKind.Transactional);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(builder =>
        {
            var stage = builder.Stage("Broken", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in")));
            builder.Sink<Item, ItemCodec>("out", stage.Output<Item>("Broken").Stream, new FakeSinkAttribute("out"));
            stage.Run(new Throwing());
        }).RunAsync(Cancelled));

        Assert.Equal("CDCF2003", error.Code);
        Assert.Contains("'Broken'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1/0/0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Empty(world.Observer.Restarts);
    }

    private sealed class Throwing : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch) => throw new FormatException("secret");
    }

    [SinkCapabilities(SinkKind.Staged)]
    private sealed class MisstatedSinkAttribute() : SinkAttribute("out")
    {
        public override ISinkConnection CreateConnection(ConnectorContext context) => throw new InvalidOperationException("The world makes connections.");
    }
}
