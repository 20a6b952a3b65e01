namespace CdcFlow.Batches;

/// <summary>How many changes there were of each operation.</summary>
/// <param name="SnapshotReads">Rows read by the initial snapshot.</param>
/// <param name="Inserts">Inserted rows.</param>
/// <param name="Updates">Updated rows.</param>
/// <param name="Deletes">Deleted rows.</param>
/// <param name="Truncates">Truncated tables.</param>
public readonly record struct OperationCounts(long SnapshotReads, long Inserts, long Updates, long Deletes, long Truncates);
