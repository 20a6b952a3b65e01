using CdcFlow.Configuration;
using CdcFlow.Runtime.Attempts;

namespace CdcFlow.Runtime.Tests;

/// <summary>A column that no change carries is refused where an updated row would keep what the snapshot wrote, and nowhere else.</summary>
public sealed class StaleColumnsTests
{
    [Theory]
    [InlineData("Rows>out", PreflightStatus.Failed)]
    [InlineData("Rows>Filtered Filtered>out", PreflightStatus.Failed)]
    [InlineData("Rows>Routed Routed>Merged Merged>out", PreflightStatus.Failed)]
    [InlineData("Rows>Made Made>out", PreflightStatus.Warning)] // which has to say what it makes of it
    [InlineData("Rows>log", PreflightStatus.Warning)] // which names what is missing
    [InlineData("Other>out", PreflightStatus.Warning)]
    public void Sink_that_updates_rows_in_place_refuses_it(string edges, PreflightStatus status)
    {
        GraphNode[] nodes =
        [
            new("Rows", GraphNodeKind.Source, "Row"), new("Other", GraphNodeKind.Source, "Row"), new("Filtered", GraphNodeKind.Filter, "Row"), new("Routed", GraphNodeKind.Route, "Row"),
            new("Merged", GraphNodeKind.Merge, "Row"), new("Made", GraphNodeKind.Transform, "Row"), new("out", GraphNodeKind.Sink, "Row"), new("log", GraphNodeKind.Sink, "Row"),
        ];
        var graph = new PipelineGraph("test", Delivery.ExactlyOnce, nodes, [.. edges.Split(' ').Select(edge => new GraphEdge(edge.Split('>')[0], edge.Split('>')[1]))]);
        var check = new PreflightCheck("columns Rows", PreflightStatus.Warning, "Columns are not carried.", "CDCF9999", "Leave them out.") { NotCarriedAt = "Rows" };
        var judged = new StaleColumns(graph, ["out"]).Judge(new PreflightReport("source", [check, check with { NotCarriedAt = null }]));
        Assert.Equal([status, PreflightStatus.Warning], judged.Checks.Select(each => each.Status));
        Assert.Equal(status == PreflightStatus.Failed, judged.Checks[0].Sentence.Contains("Sink 'out' updates rows in place", StringComparison.Ordinal));
    }
}
