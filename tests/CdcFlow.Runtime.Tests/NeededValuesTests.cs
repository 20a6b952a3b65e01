using CdcFlow.Configuration;
using CdcFlow.Runtime.Attempts;

namespace CdcFlow.Runtime.Tests;

/// <summary>Whoever takes the bare row is told before the first update that lacks a value that it may look at.</summary>
public sealed class NeededValuesTests
{
    private static readonly GraphNode[] nodes =
    [
        new("Rows", GraphNodeKind.Source, "Row"), new("Kept", GraphNodeKind.Filter, "Row") { Columns = ["Id"] }, new("All", GraphNodeKind.Merge, "Row"),
        new("Any", GraphNodeKind.Transform, "Word"), new("Body", GraphNodeKind.Transform, "Word") { Columns = ["Id", "Body"] }, new("Id", GraphNodeKind.Transform, "Word") { Columns = ["Id"] },
        new("Whole", GraphNodeKind.Transform, "Word") { TakesChange = true }, new("Sink", GraphNodeKind.Sink, "Row"),
    ];

    [Theory]
    [Trait("Validated", "CDCF2001")]
    [InlineData("Rows>Any", "'Any' may look at Body, Notes")]
    [InlineData("Rows>Body", "'Body' may look at Body")]
    [InlineData("Rows>Kept Kept>All All>Body", "'Body' may look at Body")]
    [InlineData("Rows>Id", null)]
    [InlineData("Rows>Whole", null)]
    [InlineData("Rows>Kept Kept>Sink", null)]
    [InlineData("Rows>Id Id>Body", null)] // which has another row
    public void Method_that_may_look_at_a_value_that_does_not_come_is_a_warning(string edges, string? said)
    {
        var graph = new PipelineGraph("test", Delivery.ExactlyOnce, nodes, [.. edges.Split(' ').Select(edge => new GraphEdge(edge.Split('>')[0], edge.Split('>')[1]))]);
        var check = new PreflightCheck("unchanged Rows", PreflightStatus.Passed, "It carries them.")
        {
            UnchangedAt = "Rows",
            Unchanged = ["Body", "Notes"],
            WholeOldRowsBy = "ALTER TABLE t REPLICA IDENTITY FULL;",
        };

        var judged = new NeededValues(graph).Judge(new PreflightReport("source", [check, check with { UnchangedAt = null }]));

        Assert.Equal([said is null ? PreflightStatus.Passed : PreflightStatus.Warning, PreflightStatus.Passed], judged.Checks.Select(each => each.Status));
        Assert.StartsWith(said ?? "It carries", judged.Checks[0].Sentence, StringComparison.Ordinal);
        Assert.Equal(said is null ? null : "CDCF2001", judged.Checks[0].Code);
        Assert.True(said is null || judged.Checks[0].Fix!.StartsWith("ALTER TABLE t REPLICA IDENTITY FULL;", StringComparison.Ordinal));
    }
}
