using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>What snapshot readers share.</summary>
/// <param name="MaxBytes">Bytes beyond which a chunk is split; a single row may be larger.</param>
/// <param name="Budget">The pipeline's budget.</param>
/// <param name="Large">Lets rows through that are larger than a share of it.</param>
/// <param name="Time">The clock.</param>
/// <param name="Open">Opens another connection.</param>
/// <param name="Wake">Makes the log's reader look.</param>
/// <param name="Stopping">Ends all.</param>
internal sealed record ChunkLimits(
    long MaxBytes, MemoryBudget Budget, LargeRows Large, TimeProvider Time, Func<CancellationToken, PostgresConnection> Open, Action Wake, CancellationToken Stopping);
