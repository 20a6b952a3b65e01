using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>The errors of checkpoints that took too long.</summary>
internal static class CheckpointErrors
{
    /// <summary>One was, and somebody had asked for it.</summary>
    public static CdcFlowException Aborted(CheckpointRef checkpoint, TimeSpan timeout) => new(
        RuntimeErrorCodes.CheckpointAborted,
        $"Checkpoint {checkpoint} was given up: not every sink had prepared within {timeout}.",
        "The next one covers its writes; raise Checkpoint:Timeout if it happens again.", ErrorDomain.External, isTransient: true);

    /// <summary>The commits did not come to their end, and whether a sink has committed is unknown.</summary>
    /// <param name="what">What was being committed.</param>
    /// <param name="timeout">How long that may take.</param>
    public static CdcFlowException CommitTimedOut(string what, TimeSpan timeout) => new(
        RuntimeErrorCodes.CommitTimedOut,
        $"{what} was not committed within {timeout}, and it is unknown which sinks have committed it.",
        "The pipeline restarts and asks their markers; if it happens again, raise Checkpoint:Timeout or find out what holds the sink up.",
        ErrorDomain.External, isTransient: true);

    /// <summary>Too many were, one after the other.</summary>
    public static CdcFlowException AbortedTooOften(int inARow, TimeSpan timeout) => new(
        RuntimeErrorCodes.CheckpointsAborted,
        $"{inARow} checkpoints in a row were given up: the sinks did not prepare within {timeout}.",
        "Raise Checkpoint:Timeout, or find out why a sink is slow.", ErrorDomain.External, isTransient: true);
}
