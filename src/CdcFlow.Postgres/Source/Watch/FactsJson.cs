using System.Globalization;
using System.Text.Json;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>A table's facts in a checkpoint: objects by OID or number, each part a text.</summary>
internal static class FactsJson
{
    internal static void Write(Utf8JsonWriter writer, TableFacts facts)
    {
        writer.WriteStartObject("catalogue");
        Write(writer, "partitions", facts.Partitions.Select(fact => (fact.Key, $"{fact.Value.Links} {fact.Value.Name}")));
        Write(writer, "files", facts.Files.Select(fact => (fact.Key, fact.Value.ToString(CultureInfo.InvariantCulture))));
        Write(writer, "columns", facts.Columns.Select(fact => ((uint)fact.Key, $"{fact.Value.WrittenBy}{(fact.Value.HasOlderValue ? "+" : "")} {fact.Value.Name}")));
        Write(writer, "labels", facts.Labels.Select(fact => (fact.Key, fact.Value)));
        if (facts.PrimaryKey is { } key)
        {
            writer.WriteNumber("primaryKey", key);
        }

        writer.WriteEndObject();
    }

    /// <summary>The facts of a table in a checkpoint; null in one of before they were kept.</summary>
    internal static TableFacts? Read(JsonElement table) => !table.TryGetProperty("catalogue", out var facts) ? null : new TableFacts(
        Read(facts, "partitions").ToDictionary(fact => fact.Key, fact => new PartitionFact(After(fact.Value), Before(fact.Value))),
        Read(facts, "files").ToDictionary(fact => fact.Key, fact => Number(fact.Value)),
        Read(facts, "columns").ToDictionary(
            fact => (short)fact.Key, fact => new ColumnFact(After(fact.Value), Number(Before(fact.Value).TrimEnd('+')), Before(fact.Value).EndsWith('+'))),
        Read(facts, "labels").ToDictionary(fact => fact.Key, fact => fact.Value),
        facts.TryGetProperty("primaryKey", out var key) ? key.GetUInt32() : null);

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<(uint Key, string Value)> facts)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in facts)
        {
            writer.WriteString(key.ToString(CultureInfo.InvariantCulture), value);
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<uint, string>> Read(JsonElement facts, string name) =>
        facts.GetProperty(name).EnumerateObject().Select(fact => KeyValuePair.Create(Number(fact.Name), fact.Value.GetString() ?? throw new FormatException($"{name} has a null")));

    private static string Before(string text) => text[..Space(text)];

    private static string After(string text) => text[(Space(text) + 1)..];

    private static int Space(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? space : throw new FormatException($"'{text}' has one part");

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
