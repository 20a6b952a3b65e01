using CdcFlow.Operators;
using CdcFlow.Rejects;

namespace CdcFlow.Runtime.Rejection;

/// <summary>The failures of one fused chain.</summary>
/// <param name="rules">What becomes of them.</param>
internal sealed class StageFailures(NodeRules rules) : INodeFailures
{
    private readonly RejectCount count = new();
    private readonly List<RejectedChange> taken = [];
    private readonly HashSet<string> failedNodes = new(StringComparer.Ordinal);
    private object? failedRow;

    /// <summary>What was set aside since the last <see cref="Clear"/>, in order.</summary>
    public IReadOnlyList<RejectedChange> Taken => taken;

    /// <inheritdoc/>
    public void Take<T>(string node, in Change<T> change, Exception error)
        where T : class
    {
        if (IsFirst(node, change.After ?? change.Before) && rules.Judge(node, change, error, count) is { } rejected)
        {
            taken.Add(rejected);
        }
    }

    /// <summary>All of them are handed over.</summary>
    public void Clear() => taken.Clear();

    /// <summary>A barrier passes.</summary>
    public void Cut() => count.Clear();

    /// <summary>Whether the rows behind an output lack what a node has rejected.</summary>
    public bool Concerns(string output, RejectedChange rejected) => !rules.Knows(output) || rules.Behind(rejected.Node).Contains(output);

    // Of one change a node may fail on several rows that another of the chain has made of it. Place and key do not tell changes apart: a fan-out before the
    // chain gives several of one place, and not every row has a known key.
    private bool IsFirst(string node, object? row)
    {
        if (!ReferenceEquals(failedRow, row))
        {
            failedRow = row;
            failedNodes.Clear();
        }

        return failedNodes.Add(node);
    }
}
