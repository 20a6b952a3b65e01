using System.Text.Json;

namespace CdcFlow.Golden.Tests;

/// <summary>A member in which two records differ.</summary>
/// <param name="Path">Where, as in <c>value.after.c_name</c>.</param>
/// <param name="Golden">The golden token as written; null where there is none.</param>
/// <param name="Ours">Ours.</param>
internal sealed record Difference(string Path, string? Golden, string? Ours)
{
    /// <summary>Members that vary from run to run: compared by what kind of token they are.</summary>
    private static readonly HashSet<string> varying = ["ts_ms", "ts_us", "ts_ns", "lsn", "txId", "sequence", "xmin", "version", "name"];

    /// <summary>All differences, order of members included: tokens are compared as they are written.</summary>
    internal static IEnumerable<Difference> Between(string path, JsonElement golden, JsonElement ours)
    {
        if (golden.ValueKind != ours.ValueKind)
        {
            return [new Difference(path, golden.GetRawText(), ours.GetRawText())];
        }

        return golden.ValueKind switch
        {
            JsonValueKind.Object => Objects(path, Members(golden), Members(ours)),
            JsonValueKind.Array => Objects(path, Items(golden), Items(ours)),
            _ when Varies(path) || golden.GetRawText() == ours.GetRawText() => [],
            _ => [new Difference(path, golden.GetRawText(), ours.GetRawText())],
        };
    }

    private static IEnumerable<Difference> Objects(string path, List<(string Name, JsonElement Value)> golden, List<(string Name, JsonElement Value)> ours)
    {
        var (theirNames, ourNames) = (golden.Select(member => member.Name).ToList(), ours.Select(member => member.Name).ToList());
        if (!theirNames.Intersect(ourNames).SequenceEqual(ourNames.Intersect(theirNames)))
        {
            yield return new Difference(path, string.Join(' ', theirNames), string.Join(' ', ourNames));
        }

        foreach (var name in theirNames.Union(ourNames))
        {
            var (theirs, mine) = (golden.Find(member => member.Name == name), ours.Find(member => member.Name == name));
            if (theirs.Name is null || mine.Name is null)
            {
                yield return new Difference($"{path}.{name}", theirs.Name is null ? null : theirs.Value.GetRawText(), mine.Name is null ? null : mine.Value.GetRawText());
                continue;
            }

            foreach (var difference in Between($"{path}.{name}", theirs.Value, mine.Value))
            {
                yield return difference;
            }
        }
    }

    private static List<(string, JsonElement)> Members(JsonElement value) => [.. value.EnumerateObject().Select(member => (member.Name, member.Value))];

    // A schema's fields are found by name, everything else by place.
    private static List<(string, JsonElement)> Items(JsonElement value) =>
        [.. value.EnumerateArray().Select((item, index) => (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("field", out var field) ? field.GetString()! : $"{index}", item))];

    private static bool Varies(string path)
    {
        var parts = path.Split('.');
        return parts is [.., "transaction", "id"] || (parts is not ["value" or "key", "schema", ..] && varying.Contains(parts[^1]) && (parts[^2] == "source" || parts[^1].StartsWith("ts_", StringComparison.Ordinal)));
    }
}
