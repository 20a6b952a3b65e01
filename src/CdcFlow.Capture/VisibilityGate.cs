namespace CdcFlow.Capture;

/// <summary>Holds back transactions that the log already has but no session can see yet.</summary>
/// <remarks>
/// A commit is written to the log first and becomes visible later: by microseconds, or by minutes where it waits for a standby. While tables
/// are being snapshotted, a transaction passes only after some observed snapshot has shown it. So whatever has passed is shown by every
/// snapshot taken after it passed; that is what lets <see cref="ChunkReconciler{TRows, TChange}"/> drop changes of chunks not yet begun.
/// Touched by the log's reader only.
/// </remarks>
public sealed class VisibilityGate
{
    private ISeenTransactions? latest;

    /// <summary>Takes note of a snapshot that was taken on the server; out of order is fine.</summary>
    public void Observe(ISeenTransactions snapshot)
    {
        if (latest is null || snapshot.Covers(latest))
        {
            latest = snapshot;
        }
    }

    /// <summary>Whether the transaction may pass.</summary>
    public bool Admits(ulong transaction) => latest is not null && latest.Contains(transaction);
}
