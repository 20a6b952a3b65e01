using CdcFlow.Batches;

namespace CdcFlow.Sources;

/// <summary>One element for one of a source's outputs.</summary>
/// <param name="Output">The output's index: the order in which tables were added to the connector, from 0.</param>
/// <param name="Element">A batch or a schema change.</param>
public readonly record struct SourceElement(int Output, StreamElement Element);

/// <summary>What a reader hands over at once: elements, and the state from which reading would go on after them.</summary>
/// <remarks>Barriers stand only between rounds, so a round ends at a transaction boundary, or inside a transaction that is
/// too large for one round, with a state that resumes exactly there. Transactions to several tables are in one round.</remarks>
/// <param name="Elements">In order; may be empty when only the state moved.</param>
/// <param name="State">The state right after the last element.</param>
public sealed record SourceRound(IReadOnlyList<SourceElement> Elements, SourceState State);
