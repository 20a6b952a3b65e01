using System.Text.Json;

namespace CdcFlow.Checkpointing.Definitions;

/// <summary>A definition as a part of a manifest's JSON.</summary>
internal static class DefinitionJson
{
    public static void Write(Utf8JsonWriter json, Definition definition)
    {
        json.WriteStartObject();
        json.WriteStartArray("nodes");
        foreach (var node in definition.Nodes)
        {
            WriteNode(json, node);
        }

        json.WriteEndArray();
        json.WriteStartArray("sinks");
        foreach (var sink in definition.Sinks)
        {
            WriteSink(json, sink);
        }

        json.WriteEndArray();
        json.WriteStartArray("formerTables");
        foreach (var table in definition.FormerTables)
        {
            json.WriteStartObject();
            WriteTable(json, table);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static Definition Read(JsonElement json) => new(
        [.. json.GetProperty("nodes").EnumerateArray().Select(ReadNode)], [.. json.GetProperty("sinks").EnumerateArray().Select(ReadSink)])
    {
        FormerTables = [.. json.GetProperty("formerTables").EnumerateArray().Select(ReadTable)],
    };

    private static void WriteNode(Utf8JsonWriter json, DefinedNode node)
    {
        json.WriteStartObject();
        json.WriteString("id", node.Id);
        json.WriteString("kind", node.Kind);
        json.WriteString("row", node.RowType);
        WriteInputs(json, node.Inputs);
        if (node.Content is { } content)
        {
            json.WriteString("content", content);
        }

        if (node.LooksAt is { } columns)
        {
            json.WriteStartArray("looksAt");
            foreach (var column in columns)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
        }

        if (node.Source is { } source)
        {
            WriteTable(json, source.Table);
            WriteTexts(json, "columns", source.Columns);
        }

        json.WriteEndObject();
    }

    private static DefinedNode ReadNode(JsonElement json) => new(Text(json, "id"), Text(json, "kind"), Text(json, "row"), ReadInputs(json))
    {
        Content = json.TryGetProperty("content", out var content) ? content.GetString() : null,
        LooksAt = json.TryGetProperty("looksAt", out var columns) ? [.. columns.EnumerateArray().Select(column => column.GetString()!)] : null,
        Source = json.TryGetProperty("table", out _) ? new DefinedSource(ReadTable(json), ReadTexts(json, "columns")) : null,
    };

    private static void WriteSink(Utf8JsonWriter json, DefinedSink sink)
    {
        json.WriteStartObject();
        json.WriteString("name", sink.Name);
        json.WriteString("connection", sink.Connection);
        json.WriteString("row", sink.RowType);
        WriteInputs(json, sink.Inputs);
        WriteTexts(json, "columns", sink.Columns);
        WriteTexts(json, "settings", sink.Settings);
        if (sink.Place is { } place)
        {
            json.WriteString("place", place);
        }

        if (sink.Connector is { } connector)
        {
            json.WriteString("connector", connector);
        }

        json.WriteEndObject();
    }

    private static DefinedSink ReadSink(JsonElement json) => new(Text(json, "name"), Text(json, "connection"), Text(json, "row"), ReadInputs(json))
    {
        Columns = ReadTexts(json, "columns"),
        Settings = ReadTexts(json, "settings"),
        Place = json.TryGetProperty("place", out var place) ? place.GetString() : null,
        Connector = json.TryGetProperty("connector", out var connector) ? connector.GetString() : null,
    };

    private static void WriteInputs(Utf8JsonWriter json, IReadOnlyList<DefinedInput> inputs)
    {
        json.WriteStartArray("from");
        foreach (var input in inputs)
        {
            json.WriteStartObject();
            json.WriteString("node", input.Node);
            if (input.When is { } when)
            {
                json.WriteString("when", when);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static DefinedInput[] ReadInputs(JsonElement json) =>
        [.. json.GetProperty("from").EnumerateArray().Select(input => new DefinedInput(Text(input, "node"), input.TryGetProperty("when", out var when) ? when.GetString() : null))];

    private static void WriteTable(Utf8JsonWriter json, SourceTable table)
    {
        json.WriteString("connection", table.Connection);
        json.WriteString("schema", table.Table.Schema);
        json.WriteString("table", table.Table.Name);
    }

    private static SourceTable ReadTable(JsonElement json) => new(Text(json, "connection"), new TableId(Text(json, "schema"), Text(json, "table")));

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> texts)
    {
        json.WriteStartObject(name);
        foreach (var (key, text) in texts.OrderBy(text => text.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, text);
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, string> ReadTexts(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!, StringComparer.Ordinal);

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' must be a text.");
}
