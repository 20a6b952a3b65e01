namespace CdcFlow.Postgres.Sink;

/// <summary>How many rows of each kind are staged.</summary>
/// <param name="patterns">How many patterns of columns that rows lack there are.</param>
internal sealed class MergeCounts(int patterns)
{
    private readonly int[] counts = new int[RowKind.Count(patterns)];

    public int this[short kind] => counts[kind];

    public void Add(short kind) => counts[kind]++;
}
