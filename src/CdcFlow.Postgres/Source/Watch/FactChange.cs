namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Something that happened to a table's rows and that the log does not tell.</summary>
internal abstract record FactChange
{
    private FactChange()
    {
    }

    /// <summary>A partition came; it may have brought rows along.</summary>
    internal sealed record PartitionCame(uint Oid, PartitionFact Partition) : FactChange;

    /// <summary>A partition went, with its rows.</summary>
    internal sealed record PartitionWent(PartitionFact Partition) : FactChange;

    /// <summary>All rows were written anew after the definition of columns was.</summary>
    internal sealed record Rewritten(IReadOnlyList<string> Columns) : FactChange;

    /// <summary>A column came with a value for the rows that are there.</summary>
    internal sealed record ColumnFilled(string Column) : FactChange;

    /// <summary>A label of an enum has another name.</summary>
    internal sealed record LabelRenamed(string From, string To) : FactChange;

    /// <summary>What happened between two looks. Pure.</summary>
    internal static IReadOnlyList<FactChange> Between(TableFacts before, TableFacts after)
    {
        var isRewritten = after.Files.Any(file => before.Files.TryGetValue(file.Key, out var old) && old != file.Value);
        string[] redefined =
        [
            .. after.Columns.Where(column => before.Columns.TryGetValue(column.Key, out var old) && old.WrittenBy != column.Value.WrittenBy)
                .Select(column => column.Value.Name),
        ];
        return
        [
            .. after.Partitions.Where(now => !IsSame(before, now)).Select(FactChange (now) => new PartitionCame(now.Key, now.Value)),
            .. before.Partitions.Where(old => !after.Partitions.ContainsKey(old.Key)).Select(FactChange (old) => new PartitionWent(old.Value)),
            .. isRewritten && redefined.Length > 0 ? [new Rewritten(redefined)] : Array.Empty<FactChange>(),
            .. after.Columns.Where(now => !before.Columns.ContainsKey(now.Key) && (now.Value.HasOlderValue || isRewritten))
                .Select(FactChange (now) => new ColumnFilled(now.Value.Name)),
            .. after.Labels.Where(now => before.Labels.TryGetValue(now.Key, out var old) && old != now.Value)
                .Select(FactChange (now) => new LabelRenamed(before.Labels[now.Key], now.Value)),
        ];
    }

    private static bool IsSame(TableFacts before, KeyValuePair<uint, PartitionFact> now) =>
        before.Partitions.TryGetValue(now.Key, out var old) && old.Links == now.Value.Links;
}
