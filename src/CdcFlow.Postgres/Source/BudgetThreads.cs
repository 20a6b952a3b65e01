using CdcFlow.Batches;

namespace CdcFlow.Postgres.Source;

/// <summary>The pipeline's budget, for threads that may block.</summary>
internal static class BudgetThreads
{
    /// <summary>Reserves bytes, blocking until they are free; never more than a quarter of the budget, so that a few large ones never stop all.</summary>
    internal static MemoryLease ReserveBlocking(this MemoryBudget budget, long bytes, CancellationToken stopping)
    {
        var asked = Math.Min(bytes, budget.LimitBytes / 4);
        return budget.TryReserve(asked, out var lease) ? lease : budget.ReserveAsync(asked, stopping).AsTask().GetAwaiter().GetResult();
    }
}
