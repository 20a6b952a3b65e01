using CdcFlow.Configuration;
using CdcFlow.Runtime.Attempts;

namespace CdcFlow.Runtime.Tests;

/// <summary>Whoever takes back what it made of an old row is told before the first change that changes will not carry it.</summary>
public sealed class NeededOldRowsTests
{
    [Theory]
    [Trait("Validated", "CDCF2002")]
    [InlineData("Rows>Words", PreflightStatus.Warning)]
    [InlineData("Rows>Kept Kept>Words", PreflightStatus.Warning)]
    [InlineData("Rows>Kept Other>Words", PreflightStatus.Passed)]
    public void Source_in_front_of_it_is_a_warning(string edges, PreflightStatus status)
    {
        GraphNode[] nodes =
        [
            new("Rows", GraphNodeKind.Source, "Row"), new("Other", GraphNodeKind.Source, "Row"), new("Kept", GraphNodeKind.Filter, "Row"),
            new("Words", GraphNodeKind.Transform, "Word", NeedsOldRow: true),
        ];
        var graph = new PipelineGraph("test", Delivery.ExactlyOnce, nodes, [.. edges.Split(' ').Select(edge => new GraphEdge(edge.Split('>')[0], edge.Split('>')[1]))]);
        var check = new PreflightCheck("key Rows", PreflightStatus.Passed, "It has a key.") { PartialOldRowsAt = "Rows", WholeOldRowsBy = "ALTER TABLE t REPLICA IDENTITY FULL;" };

        var judged = new NeededOldRows(graph).Judge(new PreflightReport("source", [check, check with { PartialOldRowsAt = null }]));

        Assert.Equal([status, PreflightStatus.Passed], judged.Checks.Select(each => each.Status));
        Assert.Equal(status == PreflightStatus.Warning ? ("CDCF2002", "ALTER TABLE t REPLICA IDENTITY FULL;") : (null, null), (judged.Checks[0].Code, judged.Checks[0].Fix));
    }
}
