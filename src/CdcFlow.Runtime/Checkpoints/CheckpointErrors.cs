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
    /// <param name="sinks">The connections whose answer is missing; none: it is the store's.</param>
    public static CdcFlowException CommitTimedOut(string what, TimeSpan timeout, IReadOnlyList<string> sinks) => new(
        RuntimeErrorCodes.CommitTimedOut,
        sinks.Count == 0
            ? $"{what} was not committed within {timeout}: the checkpoint store did not answer."
            : $"{what} was not committed within {timeout}: {string.Join(", ", sinks)} did not answer, so it is unknown whether it is committed there.",
        "The pipeline restarts and asks the sinks' markers; if it happens again, raise Checkpoint:Timeout or find out what holds it up.",
        ErrorDomain.External, isTransient: true);

    /// <summary>Too many were, one after the other.</summary>
    public static CdcFlowException AbortedTooOften(int inARow, TimeSpan timeout) => new(
        RuntimeErrorCodes.CheckpointsAborted,
        $"{inARow} checkpoints in a row were given up: the sinks did not prepare within {timeout}.",
        "Raise Checkpoint:Timeout, or find out why a sink is slow.", ErrorDomain.External, isTransient: true);
}
