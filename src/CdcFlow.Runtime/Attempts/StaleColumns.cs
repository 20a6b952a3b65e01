using CdcFlow.Configuration;

namespace CdcFlow.Runtime.Attempts;

/// <summary>A column that no change carries would stay in a row that is updated in place as the snapshot wrote it: what is a warning of the source is a refusal
/// where its rows come to such a sink as they are.</summary>
/// <param name="pipeline">Who feeds whom.</param>
/// <param name="updating">The names of the sinks that update rows in place.</param>
internal sealed class StaleColumns(PipelineGraph pipeline, IReadOnlyCollection<string> updating)
{
    /// <summary>The report, with a failure for each such column.</summary>
    public PreflightReport Judge(PreflightReport report) => report with { Checks = [.. report.Checks.Select(Judge)] };

    private PreflightCheck Judge(PreflightCheck check) => check.NotCarriedAt is { } source && SinksOf(source).FirstOrDefault(updating.Contains) is { } sink
        ? check with
        {
            Status = PreflightStatus.Failed,
            Sentence = $"{check.Sentence} Sink '{sink}' updates rows in place, where they would stay as the snapshot read them.",
            Fix = $"{check.Fix} Where sink '{sink}' is to have them all the same, its own table can compute them.",
        }
        : check;

    /// <summary>The sinks that a node's rows come to unchanged.</summary>
    private IEnumerable<string> SinksOf(string node) => pipeline.Edges.Where(edge => edge.From == node).SelectMany(edge => KindOf(edge.To) switch
    {
        GraphNodeKind.Sink => [edge.To],
        GraphNodeKind.Filter or GraphNodeKind.Route or GraphNodeKind.Merge => SinksOf(edge.To),
        _ => Enumerable.Empty<string>(),
    });

    private GraphNodeKind? KindOf(string node) => pipeline.Nodes.FirstOrDefault(other => other.Id == node)?.Kind;
}
