using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime;

/// <summary>How a checkpoint ended.</summary>
public enum CheckpointOutcome
{
    /// <summary>Committed on every sink and confirmed to the sources.</summary>
    Committed,

    /// <summary>Given up, because not all sinks had prepared in time. Its writes belong to the next one.</summary>
    Aborted,
}

/// <summary>What one checkpoint was like.</summary>
/// <param name="Checkpoint">Which one.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="StartedAt">When its barriers were sent.</param>
/// <param name="Alignment">From the start until every sink had prepared or the checkpoint was given up.</param>
/// <param name="Duration">From the start to the end, commits and confirmation included.</param>
/// <param name="StateBytes">The size of the states and committables in it; 0 when given up.</param>
public sealed record CheckpointReport(
    CheckpointRef Checkpoint, CheckpointOutcome Outcome, DateTimeOffset StartedAt, TimeSpan Alignment, TimeSpan Duration, long StateBytes)
{
    /// <summary>From the commit of the oldest change of the log in the checkpoint, by its source's clock, until every sink had committed it; at least
    /// zero. Null when it was given up, or had no such change (snapshot reads do not count).</summary>
    public TimeSpan? DeliveryDelay { get; init; }
}
