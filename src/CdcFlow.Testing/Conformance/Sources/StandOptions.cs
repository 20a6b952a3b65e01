namespace CdcFlow.Testing.Conformance.Sources;

/// <summary>How a check wants a source to read.</summary>
/// <param name="Startup">Where to begin without a state; one that the source has.</param>
/// <param name="ChunkRows">The most snapshot rows in a round, as far as the source can be told: a check wants to stand between them. At least 1.</param>
public sealed record StandOptions(Startup Startup, int ChunkRows);
