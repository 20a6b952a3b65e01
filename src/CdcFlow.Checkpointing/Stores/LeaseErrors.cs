using System.Globalization;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>The errors of leases, worded the same by every store.</summary>
public static class LeaseErrors
{
    /// <summary>Another living instance holds the lease.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="epoch">The holder's epoch.</param>
    /// <param name="holder">Who it is.</param>
    /// <param name="expiresAt">When its lease ends unless it renews it.</param>
    public static CdcFlowException Held(string pipeline, Epoch epoch, LeaseHolder holder, DateTimeOffset expiresAt) => new(
        CheckpointErrorCodes.LeaseHeld,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Pipeline '{pipeline}' is already run by process {holder.ProcessId} on {holder.Machine} (started {holder.ProcessStarted:u}, epoch {epoch}); its lease ends {expiresAt:u} unless it renews it."),
        "Stop that process first, or let it work and do not start this one.");

    /// <summary>A newer instance holds the lease.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="own">The epoch that is out.</param>
    /// <param name="newest">The epoch that is in.</param>
    public static CdcFlowException Fenced(string pipeline, Epoch own, Epoch newest) => new(
        CheckpointErrorCodes.Fenced,
        $"A newer instance (epoch {newest}) has taken over pipeline '{pipeline}'; this one (epoch {own}) may write no more and must end.",
        "Nothing is to be mended: the newer instance carries on from the last checkpoint.")
    { IsFenced = true };
}
