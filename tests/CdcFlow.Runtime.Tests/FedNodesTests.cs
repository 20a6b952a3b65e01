using CdcFlow.Runtime.Attempts;

namespace CdcFlow.Runtime.Tests;

/// <summary>Whose rows come to which sink, by the pipeline's shape.</summary>
public sealed class FedNodesTests
{
    private static readonly PipelineGraph graph = new(
        "shop",
        Delivery.ExactlyOnce,
        [
            new("Orders", GraphNodeKind.Source, "Order"), new("Members", GraphNodeKind.Source, "Member"), new("Paid", GraphNodeKind.Filter, "Order"),
            new("audit", GraphNodeKind.Sink, "Order"), new("people", GraphNodeKind.Sink, "Member"),
        ],
        [new("Orders", "Paid"), new("Paid", "audit"), new("Members", "people")]);

    [Theory]
    [InlineData("Orders", "audit")]
    [InlineData("Members", "people")]
    public void Sink_is_fed_by_what_stands_above_it(string source, string sink) => Assert.Equal([sink], FedNodes.Sinks(graph, source, ["audit", "people"]));

    [Fact]
    public void Sink_that_the_shape_does_not_know_may_be_fed_by_any() =>
        Assert.Equal(["by-hand"], FedNodes.Sinks(graph, "Members", ["audit", "by-hand"]));
}
