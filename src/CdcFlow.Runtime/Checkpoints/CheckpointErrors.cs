using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>The errors of checkpoints that were given up.</summary>
internal static class CheckpointErrors
{
    /// <summary>One was, and somebody had asked for it.</summary>
    public static CdcFlowException Aborted(CheckpointRef checkpoint, TimeSpan timeout) => new(
        RuntimeErrorCodes.CheckpointAborted,
        $"Checkpoint {checkpoint} was given up: not every sink had prepared within {timeout}.",
        "The next one covers its writes; raise Checkpoint:Timeout if it happens again.", ErrorDomain.External, isTransient: true);

    /// <summary>Too many were, one after the other.</summary>
    public static CdcFlowException AbortedTooOften(int inARow, TimeSpan timeout) => new(
        RuntimeErrorCodes.CheckpointsAborted,
        $"{inARow} checkpoints in a row were given up: the sinks did not prepare within {timeout}.",
        "Raise Checkpoint:Timeout, or find out why a sink is slow.", ErrorDomain.External, isTransient: true);
}
