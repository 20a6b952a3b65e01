using CdcFlow.Configuration;

namespace CdcFlow.Runtime.Attempts;

/// <summary>A method that takes the bare row stops at an update that lacks a value which it may look at: what is as it must be for the source is a warning where its
/// rows come to such a method as they are.</summary>
/// <param name="pipeline">Who feeds whom.</param>
internal sealed class NeededValues(PipelineGraph pipeline)
{
    /// <summary>The report, with a warning for each source that such a method stands behind.</summary>
    public PreflightReport Judge(PreflightReport report) => report with { Checks = [.. report.Checks.Select(Judge)] };

    private PreflightCheck Judge(PreflightCheck check) =>
        check is { Status: PreflightStatus.Passed, UnchangedAt: { } source } && Taking(source).FirstOrDefault(node => Needs(node, check.Unchanged).Count > 0) is { } taking
            ? check with
            {
                Status = PreflightStatus.Warning,
                Sentence = $"'{taking.Id}' may look at {string.Join(", ", Needs(taking, check.Unchanged))}, and an update at '{source}' that leaves a large value as it was does not carry it: the first one stops the pipeline.",
                Code = ErrorCodes.UnchangedColumn,
                Fix = $"{check.WholeOldRowsBy} -- or take Change<T> in '{taking.Id}' and ask IsAvailable",
            }
            : check;

    private static IReadOnlyList<string> Needs(GraphNode node, IReadOnlyList<string> unchanged) =>
        node.TakesChange ? [] : node.Columns is { } looked ? [.. unchanged.Intersect(looked)] : unchanged;

    /// <summary>The methods that a node's rows come to unchanged.</summary>
    private IEnumerable<GraphNode> Taking(string from) => pipeline.Edges.Where(edge => edge.From == from)
        .Select(edge => pipeline.Nodes.FirstOrDefault(node => node.Id == edge.To)).OfType<GraphNode>()
        .SelectMany(node => node.Kind switch
        {
            GraphNodeKind.Filter or GraphNodeKind.Route => [node, .. Taking(node.Id)],
            GraphNodeKind.Transform => [node],
            GraphNodeKind.Merge => Taking(node.Id),
            _ => Enumerable.Empty<GraphNode>(),
        });
}
