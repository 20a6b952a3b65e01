using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime;

/// <summary>Stands before every node that has an input and lets the barriers of checkpoints pass: a test can hold one back there.</summary>
public interface IBarrierGate
{
    /// <summary>A barrier has come on all inputs of a node. Until this returns, the node does not cut, and takes nothing of what comes after.</summary>
    /// <param name="nodeId">The node: its id, the ids of a fused chain joined by <c>+</c>, or a sink's connection.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="cancellationToken">The attempt ends.</param>
    ValueTask PassAsync(string nodeId, CheckpointRef checkpoint, CancellationToken cancellationToken);
}
