using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>How a pipeline starts: <see cref="FreshStart"/>, <see cref="Restore"/> or <see cref="Refusal"/>.</summary>
public abstract record RecoveryDecision;

/// <summary>Begin as if for the first time: nothing was ever committed.</summary>
/// <param name="NextId">The number of this instance's first checkpoint.</param>
public sealed record FreshStart(CheckpointId NextId) : RecoveryDecision
{
    /// <summary>What an operator who orders one must know: everything is read again, and nothing tells of what is not there any more.</summary>
    internal const string LeavesDeletedRows =
        "Beginning afresh leaves rows in the sinks that were deleted meanwhile; `run --restore-from none --resnapshot lost` empties the tables there first.";
}

/// <summary>Restore a state, after committing what its checkpoint may have left uncommitted.</summary>
/// <param name="Checkpoint">Decided, so that its remaining commits can be finished: do it before any source starts.</param>
/// <param name="NextId">The number of this instance's first checkpoint.</param>
public sealed record Restore(DecidedCheckpoint Checkpoint, CheckpointId NextId) : RecoveryDecision;

/// <summary>Do not start: going on would lose or double data.</summary>
/// <param name="Code">From <see cref="CheckpointErrorCodes"/>.</param>
/// <param name="Happened">What was found.</param>
/// <param name="Fix">What the operator can do.</param>
public sealed record Refusal(string Code, string Happened, string Fix) : RecoveryDecision
{
    /// <summary>The error to stop with.</summary>
    public CdcFlowException ToException() => new(Code, Happened, Fix);
}
