using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>A filled batch of snapshot rows and about the memory they take.</summary>
internal readonly record struct ReadBatch(ChangeBatch Batch, long Bytes)
{
    /// <summary>Takes the batch's bytes out of the budget; may block.</summary>
    /// <param name="limits">The budget.</param>
    /// <param name="large">The lease of the large row with which the batch ends, if it does: that is enough.</param>
    internal ChangeBatch Reserve(ChunkLimits limits, MemoryLease? large = null)
    {
        Batch.Lease = large ?? limits.Budget.ReserveBlocking(Bytes, limits.Stopping);
        return Batch;
    }
}
