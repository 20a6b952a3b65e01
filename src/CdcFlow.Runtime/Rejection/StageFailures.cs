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
    private int failedAt = -1;

    /// <summary>What was set aside since the last <see cref="Clear"/>, in order.</summary>
    public IReadOnlyList<RejectedChange> Taken => taken;

    /// <inheritdoc/>
    public void Take<T>(string node, in Change<T> change, int at, Exception error)
        where T : class
    {
        if (IsFirst(node, at) && rules.Judge(node, change, error, count) is { } rejected)
        {
            taken.Add(rejected);
        }
    }

    /// <summary>A batch begins.</summary>
    public void Start() => failedAt = -1;

    /// <summary>All of them are handed over.</summary>
    public void Clear() => taken.Clear();

    /// <summary>A barrier passes.</summary>
    public void Cut() => count.Clear();

    /// <summary>Whether the rows behind an output lack what a node has rejected.</summary>
    public bool Concerns(string output, RejectedChange rejected) => !rules.Knows(output) || rules.Behind(rejected.Node).Contains(output);

    // Of one change a node may fail on several rows that another of the chain has made of it. Neither place, key nor row tells changes apart: a node before
    // the chain may give several of one place, or one object for several.
    private bool IsFirst(string node, int at)
    {
        if (failedAt != at)
        {
            failedAt = at;
            failedNodes.Clear();
        }

        return failedNodes.Add(node);
    }
}
