using CdcFlow.Batches;

namespace CdcFlow.Capture.Budgets;

/// <summary>How a source shares out the pipeline's budget.</summary>
/// <remarks>
/// The invariant behind the shares: the log's thread never waits for bytes that only it can free. What it holds itself (transactions in progress and the
/// round that is being filled), the chunks that wait for it, and the largest single request fit into the budget together.
/// </remarks>
/// <param name="LimitBytes">The whole budget.</param>
internal readonly record struct CaptureBudget(long LimitBytes)
{
    /// <summary>Rows of snapshots that are read, or being read, and not handed over.</summary>
    internal long Chunks => LimitBytes / 2;

    /// <summary>One chunk, so that several fit into <see cref="Chunks"/>.</summary>
    internal long Chunk => LimitBytes / 16;

    /// <summary>The round that is being filled.</summary>
    internal long Round => LimitBytes / 8;

    /// <summary>Transactions in progress, before they go to files.</summary>
    internal long Transactions => LimitBytes / 8;

    /// <summary>A single request, and the size beyond which a row is a large one.</summary>
    internal long Request => LimitBytes / 4;

    internal static CaptureBudget Of(MemoryBudget budget) => new(budget.LimitBytes);
}
