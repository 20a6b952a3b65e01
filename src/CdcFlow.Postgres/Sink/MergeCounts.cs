namespace CdcFlow.Postgres.Sink;

/// <summary>How many rows of each kind are staged.</summary>
internal sealed class MergeCounts
{
    private readonly Dictionary<short, int> counts = [];

    public int this[short kind] => counts.GetValueOrDefault(kind);

    public void Add(short kind) => counts[kind] = this[kind] + 1;
}
