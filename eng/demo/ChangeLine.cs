using System.Text.Json;

namespace Shop;

/// <summary>One change as a sink has it.</summary>
/// <param name="Key">The row's id.</param>
/// <param name="Row">The new row; null for a delete.</param>
/// <param name="IsRead">Whether the snapshot read the row, rather than the log.</param>
/// <param name="At">When the change was committed, or read.</param>
public readonly record struct ChangeLine(long Key, JsonElement? Row, bool IsRead, DateTimeOffset At)
{
    /// <summary>All lines of a folder, in the order in which they were committed: files by name, lines as they stand.</summary>
    /// <remarks>A line that is no JSON is an error: readers must never see half a line.</remarks>
    public static IEnumerable<ChangeLine> ReadFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(Flat);

    /// <summary>A flat object: the columns beside <c>op</c> and <c>_cdc</c>.</summary>
    public static ChangeLine Flat(string line)
    {
        var change = JsonElement.Parse(line);
        var op = change.GetProperty("op");
        return new ChangeLine(
            change.GetProperty("id").GetInt64(), op.ValueEquals("d") ? null : change, op.ValueEquals("r"), change.GetProperty("_cdc").GetProperty("committed_at").GetDateTimeOffset());
    }

    /// <summary>Debezium's envelope.</summary>
    public static ChangeLine Debezium(string value)
    {
        var change = JsonElement.Parse(value);
        var op = change.GetProperty("op");
        var isDelete = op.ValueEquals("d");
        var row = change.GetProperty(isDelete ? "before" : "after");
        var at = DateTimeOffset.FromUnixTimeMilliseconds(change.GetProperty("source").GetProperty("ts_ms").GetInt64());
        return new ChangeLine(row.GetProperty("id").GetInt64(), isDelete ? null : row, op.ValueEquals("r"), at);
    }
}
