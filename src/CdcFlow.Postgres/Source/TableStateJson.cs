using System.Text.Json;
using CdcFlow.Capture;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Source.Watch;

namespace CdcFlow.Postgres.Source;

/// <summary>One table in a checkpoint: how far its snapshot is, and what it was.</summary>
internal static class TableStateJson
{
    internal static void Write(Utf8JsonWriter writer, TableSnapshotState table, TableSchema? schema)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", table.Table.Schema);
        writer.WriteString("name", table.Table.Name);
        writer.WriteBoolean("isComplete", table.IsComplete);
        writer.WriteNumber("rows", table.Rows);
        if (table.Frontier is not null)
        {
            writer.WriteString("key", table.Key);
            writer.WriteStartArray("after");
            foreach (var value in table.Frontier.Values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }

        WriteText(writer, "published", table.Published);
        if (table.IsAgain)
        {
            writer.WriteBoolean("isAgain", true);
        }

        WriteText(writer, "form", table.Form);
        WriteText(writer, "reselectedUpTo", table.ReselectedUpTo?.ToString());
        if (schema is not null)
        {
            WriteText(writer, "identity", schema.Identity);
            writer.WriteStartArray("columns");
            foreach (var column in schema.Columns)
            {
                Write(writer, column);
            }

            writer.WriteEndArray();
        }

        if (table.Facts is { } facts)
        {
            FactsJson.Write(writer, facts);
        }

        writer.WriteEndObject();
    }

    internal static TableSnapshotState Read(JsonElement json)
    {
        var table = new TableId(SourceStateJson.Text(json, "schema"), SourceStateJson.Text(json, "name"));
        var frontier = json.TryGetProperty("after", out var after)
            ? new ChunkKey([.. after.EnumerateArray().Select(element => element.GetString() ?? throw new FormatException("a text is null"))])
            : null;
        return new TableSnapshotState(table, json.GetProperty("isComplete").GetBoolean(), frontier, json.GetProperty("rows").GetInt64())
        {
            Key = Optional(json, "key"),
            Published = Optional(json, "published"),
            IsAgain = json.TryGetProperty("isAgain", out var isAgain) && isAgain.GetBoolean(),
            Form = Optional(json, "form"),
            ReselectedUpTo = Optional(json, "reselectedUpTo") is { } upTo ? Lsn.Parse(upTo) : null,
            Facts = FactsJson.Read(json),
        };
    }

    internal static TableSchema? ReadSchema(JsonElement json, TableId table) => json.TryGetProperty("columns", out var columns)
        ? new TableSchema(table, [.. columns.EnumerateArray().Select(ReadColumn)], Optional(json, "identity"))
        : null;

    private static void Write(Utf8JsonWriter writer, TableColumn column)
    {
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteString("type", column.TypeName);
        WriteText(writer, "identity", column.Identity);
        WriteText(writer, "typeIdentity", column.TypeIdentity);
        if (column.IsNullable is { } isNullable)
        {
            writer.WriteBoolean("isNullable", isNullable);
        }

        if (column.IsKey)
        {
            writer.WriteBoolean("isKey", true);
        }

        writer.WriteEndObject();
    }

    private static TableColumn ReadColumn(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? ReadVersion1(json.GetString()!)
        : new TableColumn(SourceStateJson.Text(json, "name"), SourceStateJson.Text(json, "type"))
        {
            Identity = Optional(json, "identity"),
            TypeIdentity = Optional(json, "typeIdentity"),
            IsNullable = json.TryGetProperty("isNullable", out var isNullable) ? isNullable.GetBoolean() : null,
            IsKey = json.TryGetProperty("isKey", out var isKey) && isKey.GetBoolean(),
        };

    // Name and type in one text. Names seldom have spaces; where one has, the columns seem to have changed once.
    private static TableColumn ReadVersion1(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? new TableColumn(text[..space], text[(space + 1)..]) : throw new FormatException($"'{text}' is no column");
    }

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
