using CdcFlow.Configuration;

namespace CdcFlow.Runtime.Attempts;

/// <summary>A node that takes back what it made of a row would stop at the first change that does not carry the whole old row: what is as it must be for the source
/// is a warning where its rows come to such a node.</summary>
/// <param name="pipeline">Who feeds whom.</param>
internal sealed class NeededOldRows(PipelineGraph pipeline)
{
    /// <summary>The report, with a warning for each source that such a node stands behind.</summary>
    public PreflightReport Judge(PreflightReport report) => report with { Checks = [.. report.Checks.Select(Judge)] };

    private PreflightCheck Judge(PreflightCheck check) =>
        check is { Status: PreflightStatus.Passed, PartialOldRowsAt: { } source } && Needing(source) is { } node
            ? check with
            {
                Status = PreflightStatus.Warning,
                Sentence = $"'{node}' takes back what it made of an old row, and changes at '{source}' do not carry it whole: the first update or delete stops the pipeline.",
                Code = ErrorCodes.FanOutNeedsBefore,
                Fix = check.WholeOldRowsBy,
            }
            : check;

    private string? Needing(string source) => FedNodes.Of(pipeline, source).FirstOrDefault(node => pipeline.Nodes.Any(other => other.Id == node && other.NeedsOldRow));
}
