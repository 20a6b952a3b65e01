using CdcFlow.Sinks;

namespace CdcFlow.Runtime;

/// <summary>What became of the transactions that an instance left open (<see cref="PipelineRunner.AbortOrphansAsync"/>).</summary>
/// <param name="Fenced">What was fenced, for people (<see cref="IOrphanedTransactions.AbortAsync"/>).</param>
/// <param name="Running">A sentence about the instance that runs and was fenced all the same, because that was forced; null when none runs.</param>
public sealed record OrphanReport(IReadOnlyList<string> Fenced, string? Running);
