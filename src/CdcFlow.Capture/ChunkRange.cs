namespace CdcFlow.Capture;

/// <summary>A range of keys: those above <paramref name="After"/>, up to and with <paramref name="UpTo"/>.</summary>
/// <param name="After">The exclusive lower bound; null: from the first key.</param>
/// <param name="UpTo">The inclusive upper bound; null: to the last key, however large it may become.</param>
public readonly record struct ChunkRange(ChunkKey? After, ChunkKey? UpTo);
