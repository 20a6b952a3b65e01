namespace CdcFlow.Postgres.Snapshot;

/// <summary>A range of a table's blocks: from <paramref name="From"/> up to, and without, <paramref name="To"/>; null: to the end.</summary>
/// <remarks>Of a partitioned table: these blocks of every partition.</remarks>
internal readonly record struct BlockRange(long From, long? To);
