using System.Text.Json;

namespace CdcFlow.Golden.Tests;

/// <summary>A record as written: key and value, each as JSON.</summary>
/// <param name="Key">The key; null for none.</param>
/// <param name="Value">The value.</param>
/// <param name="Envelope">The value without its schema.</param>
internal sealed record GoldenRecord(JsonElement? Key, JsonElement Value, JsonElement Envelope)
{
    internal string Table => Envelope.GetProperty("source").GetProperty("table").GetString()!;

    internal string Operation => Envelope.GetProperty("op").GetString()!;

    internal bool IsSnapshot => Operation == "r";

    /// <summary>The row that the record is about, for messages and for what is known of single rows.</summary>
    internal JsonElement Row => Envelope.GetProperty("after") is { ValueKind: JsonValueKind.Object } after ? after : Envelope.GetProperty("before");

    internal static GoldenRecord Parse(string? key, string value) => Of(key is null ? null : JsonElement.Parse(key), JsonElement.Parse(value));

    /// <summary>The records of a file that are changes: no tombstones, no transaction markers.</summary>
    internal static IReadOnlyList<GoldenRecord> Load(string file) =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", file))
            .Select(line => JsonElement.Parse(line))
            .Select(line => line.TryGetProperty("topic", out _) ? (Key: Present(line.GetProperty("key")), Value: Present(line.GetProperty("value"))) : (null, line))
            .Where(record => record.Value is { } value && (value.TryGetProperty("payload", out var payload) ? payload : value).TryGetProperty("source", out _))
            .Select(record => Of(record.Key, record.Value!.Value)),
    ];

    private static GoldenRecord Of(JsonElement? key, JsonElement value) => new(key, value, value.TryGetProperty("payload", out var payload) ? payload : value);

    private static JsonElement? Present(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element;
}
