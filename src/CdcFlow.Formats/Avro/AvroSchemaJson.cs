using System.Text;
using System.Text.Json;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Avro;

/// <summary>A schema's text. What Avro has no words for is written as Confluent's converter writes it, so that Connect reads back the schema that it was.</summary>
internal static class AvroSchemaJson
{
    // What the converter assumes of a decimal without a precision.
    private const int UnknownPrecision = 64;

    public static string Of(AvroSchema schema)
    {
        using var buffer = new ByteBuffer();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, schema, []);
        }

        return Encoding.UTF8.GetString(buffer.Written);
    }

    private static void Write(Utf8JsonWriter json, AvroSchema schema, HashSet<string> defined)
    {
        if (!schema.IsNullable)
        {
            WriteType(json, schema, defined);
            return;
        }

        json.WriteStartArray();
        if (schema.NullBranch == 0)
        {
            json.WriteStringValue("null");
        }

        WriteType(json, schema, defined);
        if (schema.NullBranch == 1)
        {
            json.WriteStringValue("null");
        }

        json.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter json, AvroSchema schema, HashSet<string> defined)
    {
        if (schema.Name is { } name && !defined.Add(name))
        {
            json.WriteStringValue(name); // a named type is spelled out once
            return;
        }

        var type = schema.Type.ToString().ToLowerInvariant();
        if (schema is { Type: not (AvroType.Record or AvroType.Array), LogicalType: null } && !HasMeaning(schema.Connect))
        {
            json.WriteStringValue(type);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", type);
        WriteParts(json, schema, defined);
        WriteLogicalType(json, schema);
        WriteConnect(json, schema);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, AvroSchema schema, HashSet<string> defined)
    {
        if (schema.Type == AvroType.Record)
        {
            var (space, name) = AvroNames.Split(schema.Name!);
            json.WriteString("name", name);
            if (space is not null)
            {
                json.WriteString("namespace", space);
            }

            json.WriteStartArray("fields");
            foreach (var field in schema.Fields)
            {
                WriteField(json, field, defined);
            }

            json.WriteEndArray();
        }
        else if (schema.Items is { } items)
        {
            json.WritePropertyName("items");
            Write(json, items, defined);
        }
    }

    private static void WriteField(Utf8JsonWriter json, AvroField field, HashSet<string> defined)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WritePropertyName("type");
        Write(json, field.Schema, defined);
        if (field.Schema.Default is { } text)
        {
            json.WriteString("default", text);
        }
        else if (field.Schema.IsNullable)
        {
            json.WriteNull("default");
        }

        json.WriteEndObject();
    }

    private static void WriteLogicalType(Utf8JsonWriter json, AvroSchema schema)
    {
        if (schema.LogicalType is not { } meaning)
        {
            return;
        }

        if (meaning == "decimal")
        {
            json.WriteNumber("scale", schema.Scale);
            json.WriteNumber("precision", schema.Precision > 0 ? schema.Precision : UnknownPrecision);
        }

        json.WriteString("logicalType", meaning);
    }

    private static bool HasMeaning(ConnectSchema? connect) => connect is { Name: not null } or { Type: ConnectType.Int16 };

    private static void WriteConnect(Utf8JsonWriter json, AvroSchema schema)
    {
        if (schema.Connect is not { } connect)
        {
            return;
        }

        if (connect.Type == ConnectType.Int16)
        {
            json.WriteString("connect.type", "int16");
        }

        if (connect.Doc is { } doc)
        {
            json.WriteString("connect.doc", doc);
        }

        ConnectMeaningJson.Write(json, connect);
        if (connect.Default is { } missing)
        {
            json.WriteString("connect.default", missing);
        }

        if (connect.Name is not null)
        {
            json.WriteString("connect.name", schema.Name ?? connect.Name);
        }
    }
}
