using CdcFlow.Batches;

namespace CdcFlow.Capture.Budgets;

/// <summary>The pipeline's budget, for threads that may block.</summary>
internal static class BlockingReservation
{
    /// <summary>Reserves bytes, blocking until they are free; never more than <see cref="CaptureBudget.Request"/>, so that a few large ones never stop all.</summary>
    internal static MemoryLease ReserveBlocking(this MemoryBudget budget, long bytes, CancellationToken stopping)
    {
        var asked = Math.Min(bytes, CaptureBudget.Of(budget).Request);
        return budget.TryReserve(asked, out var lease) ? lease : budget.ReserveAsync(asked, stopping).AsTask().GetAwaiter().GetResult();
    }
}
