using CdcFlow.Batches;
using CdcFlow.Postgres.Source;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>A filled batch of snapshot rows and about the memory they take.</summary>
internal readonly record struct ReadBatch(ChangeBatch Batch, long Bytes)
{
    /// <summary>Takes the batch's bytes out of the budget; may block.</summary>
    internal ChangeBatch Reserve(ChunkLimits limits)
    {
        Batch.Lease = limits.Budget.ReserveBlocking(Bytes, limits.Stopping);
        return Batch;
    }
}
