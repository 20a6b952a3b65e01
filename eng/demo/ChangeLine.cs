using System.Text.Json;

namespace Shop;

/// <summary>One line of a file that the pipeline wrote.</summary>
/// <param name="Key">The row's id.</param>
/// <param name="Row">The new row; null for a delete.</param>
public readonly record struct ChangeLine(long Key, JsonElement? Row)
{
    /// <summary>All lines of a folder, in the order in which they were committed: files by name, lines as they stand.</summary>
    /// <remarks>A line that is no JSON is an error: readers must never see half a line.</remarks>
    public static IEnumerable<ChangeLine> ReadFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(Parse);

    private static ChangeLine Parse(string line)
    {
        var change = JsonElement.Parse(line);
        return new ChangeLine(change.GetProperty("id").GetInt64(), change.GetProperty("op").ValueEquals("d") ? null : change);
    }
}
