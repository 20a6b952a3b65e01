using System.Globalization;
using CdcFlow.Batches;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>
/// Stops rows that are larger than any may be, before they are received; and lets the log's rows that are larger than a quarter of the budget through
/// one at a time, beside the budget.
/// </summary>
/// <remarks>Thread-safe. Who holds one must not need a second before the first is handed over.</remarks>
/// <param name="budget">The pipeline's budget.</param>
/// <param name="rowBytesMax">Bytes of a row beyond which the source stops.</param>
/// <param name="stopping">Ends all waits.</param>
internal sealed class LargeRows(MemoryBudget budget, long rowBytesMax, CancellationToken stopping)
{
    private readonly MemoryBudget one = new(Math.Max(1, budget.LimitBytes / 4));

    /// <summary>Whether a batch of so many bytes goes beside the budget.</summary>
    internal bool IsLarge(long bytes) => bytes > one.LimitBytes;

    /// <summary>Takes a batch's bytes: out of the budget, or as the only large one. Blocks.</summary>
    internal MemoryLease Reserve(long bytes) =>
        IsLarge(bytes) ? one.ReserveAsync(bytes, stopping).AsTask().GetAwaiter().GetResult() : budget.ReserveBlocking(bytes, stopping);

    /// <summary>Waits until the last large row is done with, so that the next can be received. Blocks.</summary>
    internal void WaitFor(long bytes)
    {
        if (IsLarge(bytes))
        {
            Reserve(bytes).Release();
        }
    }

    /// <summary>Refuses a row that is larger than any may be, before it is received.</summary>
    /// <exception cref="CdcFlowException">CDCF4019.</exception>
    internal void Refuse(long bytes, string row, PostgresTable table)
    {
        if (bytes > rowBytesMax)
        {
            var key = table.Key.Count == 0 ? "ctid" : string.Join(", ", table.Key.Select(column => SqlText.Identifier(column.Name)));
            throw new CdcFlowException(
                PostgresWireErrorCodes.RowTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"{row} of table {table.Id} is {bytes:N0} bytes; the source takes rows of {rowBytesMax:N0} bytes at most."),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Set RowBytesMax = {bytes} or more, and give the process about five times that memory; nothing was skipped. Which rows are so large now: "
                    + $"SELECT {key} FROM {SqlText.Table(table.Id)} AS t WHERE octet_length(t::text) > {rowBytesMax};"));
        }
    }

    /// <summary>Looks at the next row of a copy before it is received.</summary>
    /// <returns>True.</returns>
    /// <exception cref="CdcFlowException">CDCF4019.</exception>
    internal bool Admit(CopyOutReader copy, PostgresTable table)
    {
        Refuse(copy.NextLength(), "A row", table);
        return true;
    }
}
