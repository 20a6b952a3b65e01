using System.Globalization;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>The errors of leases, worded the same by every store.</summary>
public static class LeaseErrors
{
    /// <summary>Another instance holds the lease.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="epoch">The holder's epoch.</param>
    /// <param name="holder">Who it is; null where it has not said so yet.</param>
    /// <param name="duration">How long a lease lasts without renewal.</param>
    /// <param name="mayBeDead">Whether it may be: then the error is transient, and waiting for <paramref name="duration"/> tells.</param>
    public static CdcFlowException Held(string pipeline, Epoch epoch, LeaseHolder? holder, TimeSpan duration, bool mayBeDead) => new(
        CheckpointErrorCodes.LeaseHeld,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Pipeline '{pipeline}' is already run by {Name(holder)}epoch {epoch}); its lease is free once it has not renewed it for {duration.TotalSeconds:0.###} s."),
        "Stop that process first, or let it work and do not start this one.",
        isTransient: mayBeDead);

    /// <summary>An instance that is seen to live holds the lease, and stands in the way of something else than a start.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="epoch">The holder's epoch.</param>
    /// <param name="holder">Who it is; null where it has not said so yet.</param>
    /// <param name="resolution">What to do about it.</param>
    public static CdcFlowException Running(string pipeline, Epoch epoch, LeaseHolder? holder, string resolution) => new(
        CheckpointErrorCodes.LeaseHeld, $"Pipeline '{pipeline}' is run by {Name(holder)}epoch {epoch}).", resolution);

    /// <summary>A newer instance holds the lease.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="own">The epoch that is out.</param>
    /// <param name="newest">The epoch that is in.</param>
    public static CdcFlowException Fenced(string pipeline, Epoch own, Epoch newest) => new(
        CheckpointErrorCodes.Fenced,
        $"A newer instance (epoch {newest}) has taken over pipeline '{pipeline}'; this one (epoch {own}) may write no more and must end.",
        "Nothing is to be done: the newer instance carries on from the last checkpoint.")
    { IsFenced = true, FencedBy = newest };

    private static string Name(LeaseHolder? holder) => holder is null
        ? "another process ("
        : string.Create(CultureInfo.InvariantCulture, $"process {holder.ProcessId} on {holder.Machine} (started {holder.ProcessStarted:u}, ");
}
