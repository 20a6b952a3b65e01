using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Json.Schemas;

/// <summary>A schema's text.</summary>
internal static class JsonSchemaText
{
    private static readonly JsonSchema notFinite = new("string") { Values = ["NaN", "Infinity", "-Infinity"] };

    public static string Of(JsonSchema schema)
    {
        using var buffer = new ByteBuffer();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            WriteMembers(json, schema);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.Written);
    }

    private static void Write(Utf8JsonWriter json, JsonSchema schema, int? index = null)
    {
        json.WriteStartObject();
        if (index is { } place)
        {
            json.WriteNumber("connect.index", place);
        }

        if (schema is { IsNullable: false, IsFloating: false } or { Type: null })
        {
            WriteMembers(json, schema);
        }
        else
        {
            WriteChoice(json, schema);
        }

        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, JsonSchema schema)
    {
        json.WriteStartArray("oneOf");
        if (schema.IsNullable)
        {
            Write(json, new JsonSchema("null"));
        }

        Write(json, schema with { IsNullable = false, IsFloating = false });
        if (schema.IsFloating)
        {
            Write(json, notFinite);
        }

        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, JsonSchema schema)
    {
        WriteText(json, "title", schema.Title ?? schema.Connect?.Name);
        WriteText(json, "type", schema.Type);
        WriteText(json, "format", schema.Format);
        if (schema.Values.Count > 0)
        {
            json.WriteStartArray("enum");
            foreach (var value in schema.Values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        if (schema.Items is { } items)
        {
            json.WritePropertyName("items");
            Write(json, items);
        }

        if (schema.Type == "object")
        {
            WriteObject(json, schema.Members);
        }

        if (schema.Connect is { } connect)
        {
            WriteConnect(json, connect);
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<JsonSchemaMember> members)
    {
        json.WriteStartObject("properties");
        for (var index = 0; index < members.Count; index++)
        {
            json.WritePropertyName(members[index].Name);
            Write(json, members[index].Schema, index);
        }

        json.WriteEndObject();
        json.WriteStartArray("required");
        foreach (var member in members.Where(member => member.IsRequired))
        {
            json.WriteStringValue(member.Name);
        }

        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
    }

    private static void WriteConnect(Utf8JsonWriter json, ConnectSchema connect)
    {
        WriteText(json, "description", connect.Doc);
        WriteText(json, "default", connect.Default);
        ConnectMeaningJson.Write(json, connect);

        // Types that JSON tells by itself have no hint.
        WriteText(json, "connect.type", connect.Type switch
        {
            ConnectType.Int16 => "int16",
            ConnectType.Int32 => "int32",
            ConnectType.Int64 => "int64",
            ConnectType.Float32 => "float32",
            ConnectType.Float64 => "float64",
            ConnectType.Bytes => "bytes",
            _ => null,
        });
    }

    private static void WriteText(Utf8JsonWriter json, string member, string? value)
    {
        if (value is not null)
        {
            json.WriteString(member, value);
        }
    }
}
