namespace CdcFlow.Testing;

/// <summary>How an in-memory source reads.</summary>
/// <param name="Startup">Where to begin without a state.</param>
/// <param name="ChunkRows">Snapshot rows in a round; at least 1.</param>
/// <param name="RoundChanges">Changes of the log in a round; at least 1.</param>
/// <param name="Interleaves">Whether a round of the log follows each chunk, as on a real server. Otherwise the rows that are there are
/// read first, which a test can foresee.</param>
internal sealed record InMemorySourceOptions(Startup Startup, int ChunkRows, int RoundChanges, bool Interleaves)
{
    public static InMemorySourceOptions Default { get; } = new(Startup.Initial, ChunkRows: 1000, RoundChanges: 1000, Interleaves: false);
}
