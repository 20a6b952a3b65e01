using CdcFlow.Postgres.Server;

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
    /// <param name="Columns">Those whose definition was written: the altered one, and on some servers (17) its neighbors, which nothing tells apart.</param>
    internal sealed record Rewritten(IReadOnlyList<string> Columns) : FactChange;

    /// <summary>A table or leaf has another file: it was emptied, or its rows were moved or copied.</summary>
    /// <param name="Relation">The table or leaf.</param>
    /// <param name="IsPartAlone">Whether other leaves kept theirs.</param>
    /// <param name="ColumnWriters">The transactions that wrote definitions of columns since: what these copied is told by the columns.</param>
    internal sealed record FileReplaced(uint Relation, bool IsPartAlone, IReadOnlyList<uint> ColumnWriters) : FactChange;

    /// <summary>A column came with a value for the rows that are there.</summary>
    internal sealed record ColumnFilled(string Column) : FactChange;

    /// <summary>A name is another column's now: it was dropped and added again, or renamed in the place of another.</summary>
    internal sealed record ColumnReplaced(string Column) : FactChange;

    /// <summary>A label of an enum has another name.</summary>
    internal sealed record LabelRenamed(string From, string To) : FactChange;

    /// <summary>The primary key was dropped, and perhaps added again.</summary>
    internal sealed record KeyDropped : FactChange;

    /// <summary>What happened between two looks. Pure.</summary>
    internal static IReadOnlyList<FactChange> Between(TableFacts before, TableFacts after)
    {
        uint[] replaced = [.. after.Files.Where(file => before.Files.TryGetValue(file.Key, out var old) && old != file.Value).Select(file => file.Key)];
        var isRewritten = replaced.Length > 0;
        var names = before.Columns.ToDictionary(column => column.Value.Name, column => column.Key);
        KeyValuePair<short, ColumnFact>[] written = [.. after.Columns.Where(column => before.Columns.GetValueOrDefault(column.Key)?.WrittenBy != column.Value.WrittenBy)];
        uint[] writers = [.. written.Select(column => column.Value.WrittenBy).Distinct()];
        string[] redefined = [.. written.Where(column => before.Columns.ContainsKey(column.Key)).Select(column => column.Value.Name)];
        return
        [
            .. after.Partitions.Where(now => !IsSame(before, now)).Select(FactChange (now) => new PartitionCame(now.Key, now.Value)),
            .. before.Partitions.Where(old => !IsSame(after, old)).Select(FactChange (old) => new PartitionWent(old.Value)),
            .. isRewritten && redefined.Length > 0 ? [new Rewritten(redefined)] : Array.Empty<FactChange>(),
            .. replaced.Select(FactChange (relation) => new FileReplaced(relation, replaced.Length < before.Files.Count, writers)),
            .. after.Columns.Where(IsFilled).Select(FactChange (now) => new ColumnFilled(now.Value.Name)),
            .. after.Columns.Where(now => names.TryGetValue(now.Value.Name, out var number) && number != now.Key && !IsFilled(now))
                .Select(FactChange (now) => new ColumnReplaced(now.Value.Name)),
            .. after.Labels.Where(now => before.Labels.TryGetValue(now.Key, out var old) && old != now.Value)
                .Select(FactChange (now) => new LabelRenamed(before.Labels[now.Key], now.Value)),
            .. before.PrimaryKey is { } key and not 0 && key != after.PrimaryKey ? [new KeyDropped()] : Array.Empty<FactChange>(),
        ];

        bool IsFilled(KeyValuePair<short, ColumnFact> now) => !before.Columns.ContainsKey(now.Key) && (now.Value.HasOlderValue || isRewritten);
    }

    // One that was detached and attached again both went and came: what happened to it between is in no log of the root.
    private static bool IsSame(TableFacts other, KeyValuePair<uint, PartitionFact> partition) =>
        other.Partitions.TryGetValue(partition.Key, out var there) && there.Links == partition.Value.Links;
}
