using CdcFlow.Checkpointing.Stores;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Keeps the lease alive while an attempt runs. Losing it ends the attempt.</summary>
internal static class LeaseRenewal
{
    /// <summary>Renews at a third of the lease's duration, until cancelled.</summary>
    public static async Task RunAsync(ICheckpointLease lease, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(lease.Duration / 3, time, cancellationToken);
            await lease.RenewAsync(cancellationToken);
        }
    }
}
