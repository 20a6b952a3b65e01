
namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>The judge: what the tables are downstream, and whether each change could come where it came.</summary>
/// <remarks>Each key comes once as a read or an insert until it is deleted, updates and deletes concern rows that are there, an old row is the row that was there, and offsets of a key grow.</remarks>
internal sealed class SourceFold
{
    private readonly Dictionary<StandTable, Dictionary<object, object?[]>> tables = StandTable.All.ToDictionary(table => table, _ => new Dictionary<object, object?[]>());
    private readonly Dictionary<(StandTable Table, object Key), SourceOffset> offsets = [];

    public static SourceFold Of(Downstream downstream)
    {
        var fold = new SourceFold();
        foreach (var change in downstream.Changes)
        {
            fold.Apply(change);
        }

        return fold;
    }

    /// <summary>The rows of a table, as texts.</summary>
    public IEnumerable<string> RowsOf(StandTable table) => tables[table].Values.Select(RowText.Of);

    private void Apply(SeenChange change)
    {
        var rows = tables[change.Table];
        if (change.Key is not { } key)
        {
            rows.Clear();
            foreach (var emptied in offsets.Keys.Where(place => place.Table == change.Table).ToList())
            {
                offsets.Remove(emptied);
            }

            return;
        }

        RequireOrder(change, key);
        var row = rows.GetValueOrDefault(key);
        var isNew = change.Operation is Operation.SnapshotRead or Operation.Insert;
        Findings.Require(row is null == isNew, () => $"{change} came {(isNew ? "and the row was there" : "and there was no such row")}.");
        Findings.Require(
            change.Before is null || row is null || RowText.Of(change.Before) == RowText.Of(row),
            () => $"{change} says that the row was {RowText.Of(change.Before!)}, and it was {RowText.Of(row!)}.");
        if (change.After is { } after)
        {
            rows[key] = Merge(change, row, after);
        }
        else
        {
            rows.Remove(key);
        }
    }

    private void RequireOrder(SeenChange change, object key)
    {
        Findings.Require(
            !offsets.TryGetValue((change.Table, key), out var last) || last < change.Offset, () => $"{change} came after a change of the same key at {last}.");
        offsets[(change.Table, key)] = change.Offset;
    }

    private static object?[] Merge(SeenChange change, object?[]? row, object?[] after)
    {
        if (change.Missing is not { } missing)
        {
            return after;
        }

        Findings.Require(row is not null, () => $"{change} lacks the columns {missing}, and there is no row that has them.");
        return [.. after.Select((value, index) => missing.Contains(index) ? row![index] : value)];
    }
}
