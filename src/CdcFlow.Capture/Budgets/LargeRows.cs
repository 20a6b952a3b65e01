using System.Globalization;
using CdcFlow.Batches;

namespace CdcFlow.Capture.Budgets;

/// <summary>
/// Stops rows that are larger than any may be, before they are received; and lets those that take more than a quarter of the budget through one at a
/// time, beside the budget: the next is received when the sinks have let go of the last, and its memory was collected.
/// </summary>
/// <remarks>Thread-safe. Who holds one must not need a second before the first is handed over.</remarks>
/// <param name="budget">The pipeline's budget.</param>
/// <param name="rowBytesMax">Bytes of a row beyond which the source stops.</param>
/// <param name="stopping">Ends all waits.</param>
internal sealed class LargeRows(MemoryBudget budget, long rowBytesMax, CancellationToken stopping)
{
    /// <summary>How many times a row's bytes the process may hold at most: its message once, its text in UTF-16 twice, and what a sink makes of it, four times.</summary>
    private const int TimesHeld = 7;

    /// <summary>Bytes for which a collection is worth its time: it walks over the live heap, whose size is about the budget's.</summary>
    private const long WorthCollecting = 16 << 20;

    private readonly MemoryBudget one = new(Math.Max(1, CaptureBudget.Of(budget).Request));
    private long garbage;

    /// <summary>Whether a row or batch that takes so many bytes of memory goes beside the budget.</summary>
    internal bool IsLarge(long bytes) => bytes > one.LimitBytes;

    /// <summary>Whether the row of a message goes beside the budget.</summary>
    /// <param name="length">The message's bytes.</param>
    internal bool IsLargeMessage(long length) => IsLarge(RowSize.Of(length));

    /// <summary>Takes a batch's bytes: out of the budget, or as the only large one. Blocks.</summary>
    internal MemoryLease Reserve(long bytes) =>
        IsLarge(bytes) ? one.ReserveAsync(bytes, stopping).AsTask().GetAwaiter().GetResult() : budget.ReserveBlocking(bytes, stopping);

    /// <summary>Takes the bytes of a large row's message before it is received, as the only large one. Blocks.</summary>
    internal MemoryLease Admit(long length)
    {
        var lease = Reserve(RowSize.Of(length));
        Collect(GCCollectionMode.Aggressive);
        Interlocked.Add(ref garbage, lease.Bytes);
        return lease;
    }

    /// <summary>Waits until the last large row is done with, so that the next can be received. Blocks.</summary>
    internal void WaitFor(long length)
    {
        if (IsLargeMessage(length))
        {
            Admit(length).Release();
        }
    }

    /// <summary>Gives the memory of the last large row back to the system, once the sinks have let go of it. For a thread that often comes by.</summary>
    internal void CollectIfDone()
    {
        if (Volatile.Read(ref garbage) >= WorthCollecting && one.UsedBytes == 0)
        {
            Collect(GCCollectionMode.Aggressive);
        }
    }

    /// <summary>Refuses a row that is larger than any may be, before it is received.</summary>
    /// <exception cref="CdcFlowException">It is larger; nothing was skipped.</exception>
    internal void Refuse(long bytes, string row, ILargeRowWords table)
    {
        if (bytes > rowBytesMax)
        {
            throw TooLarge(
                $"{Described(bytes, row, table)}; the source takes rows of {Number(rowBytesMax)} bytes at most.",
                string.Create(CultureInfo.InvariantCulture, $"Set RowBytesMax = {bytes} or more, and give the process {Number(TimesHeld * bytes)} bytes of memory for it"), rowBytesMax, table);
        }
    }

    /// <summary>The error of a row for which the process has no memory.</summary>
    internal static CdcFlowException NoMemory(OutOfMemoryException cause, long bytes, string row, ILargeRowWords table)
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return TooLarge(
            $"{Described(bytes, row, table)}; the process, which may have {Number(limit)} bytes of memory, has none left for it.",
            $"Give the process {Number(TimesHeld * bytes)} bytes for it (its container's limit, DOTNET_GCHeapHardLimit)", bytes / 2, table, cause);
    }

    // What the last one left is garbage that the collector would not look for: it counts what is allocated, and the next one alone may be more than there is.
    private void Collect(GCCollectionMode mode)
    {
        if (Volatile.Read(ref garbage) >= WorthCollecting)
        {
            Volatile.Write(ref garbage, 0);
            GC.Collect(GC.MaxGeneration, mode, blocking: true, compacting: mode == GCCollectionMode.Aggressive);
        }
    }

    private static string Described(long bytes, string row, ILargeRowWords table) => $"{row} of table {table.Id} is {Number(bytes)} bytes";

    private static string Number(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);

    private static CdcFlowException TooLarge(string happened, string action, long beyond, ILargeRowWords table, Exception? cause = null) => new(
        table.TooLargeCode, happened, $"{action}; nothing was skipped. Which rows are so large now: {table.FindLarger(beyond)}", inner: cause);
}
