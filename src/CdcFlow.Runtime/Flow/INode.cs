using CdcFlow.Batches;

namespace CdcFlow.Runtime.Flow;

/// <summary>What an inbox calls, one call at a time.</summary>
internal interface INode
{
    /// <summary>The node's id, for messages and metrics.</summary>
    string Id { get; }

    /// <summary>Whether it goes on with batches after <see cref="ProcessAsync"/> has returned, and counts each itself when it is done.</summary>
    bool OverlapsBatches => false;

    /// <summary>The attempt begins.</summary>
    void Start(AttemptScope scope)
    {
    }

    /// <summary>Takes a batch or a schema change; the node owns its hold on a batch.</summary>
    ValueTask ProcessAsync(int input, StreamElement element, CancellationToken cancellationToken);

    /// <summary>The barrier has come on all inputs: everything before it is processed, nothing after it is.</summary>
    ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken);
}
