using CdcFlow.Operators;
using CdcFlow.Rejects;

namespace CdcFlow.Runtime.Rejection;

/// <summary>The failures of one fused chain.</summary>
/// <param name="rules">What becomes of them.</param>
internal sealed class StageFailures(NodeRules rules) : INodeFailures
{
    private readonly RejectCount count = new();
    private readonly List<RejectedChange> taken = [];

    /// <summary>What was set aside since the last <see cref="Clear"/>, in order.</summary>
    public IReadOnlyList<RejectedChange> Taken => taken;

    /// <inheritdoc/>
    public void Take<T>(string node, in Change<T> change, Exception error)
        where T : class
    {
        // Of one change a node may fail on several rows that another has made of it.
        var metadata = change.Metadata;
        if (!taken.Exists(earlier => earlier.Node == node && earlier.Metadata == metadata) && rules.Judge(node, change, error, count) is { } rejected)
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
}
