using CdcFlow.Runtime;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Observation;

/// <summary>Says, once per checkpoint, which nodes and sinks have rejected changes since the last one: never in silence, and never a line for each.</summary>
internal sealed class RejectReport(ILogger log, Func<IEnumerable<NodeStatus>> nodes)
{
    private readonly Dictionary<string, (long Rejected, long Skipped)> told = new(StringComparer.Ordinal);

    /// <summary>Says what is new.</summary>
    public void Tell()
    {
        foreach (var node in nodes())
        {
            var before = told.GetValueOrDefault(node.Id);
            if (node.LastRejected is { } last && (node.Rejected, node.Skipped) != before)
            {
                told[node.Id] = (node.Rejected, node.Skipped);
                Log.ChangesRejected(log, ErrorCodes.ChangesRejected, node.Id, node.Rejected - before.Rejected, node.Skipped - before.Skipped, last.Cause, WhatStays(last));
            }
        }
    }

    private static string WhatStays(Rejects.RejectedChange last) =>
        last.LeavesOldRow ? "; sinks keep the row as it was before" : "";
}
