using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CdcFlow.Formats.Tests.Avro;

/// <summary>Decodes Avro by a schema's text, written from the specification and knowing nothing of the encoder: records as objects, bytes in base64,
/// numbers that are not finite as text.</summary>
public sealed class AvroReader
{
    private readonly Dictionary<string, JsonElement> named = new(StringComparer.Ordinal);
    private readonly JsonElement schema;
    private readonly byte[] bytes;
    private int position;

    private AvroReader(string schema, ReadOnlySpan<byte> bytes) => (this.schema, this.bytes) = (JsonElement.Parse(schema), bytes.ToArray());

    /// <summary>Decodes a value; fails unless the bytes end with it.</summary>
    public static JsonNode? Decode(string schema, ReadOnlySpan<byte> bytes)
    {
        var reader = new AvroReader(schema, bytes);
        reader.Define(reader.schema, null);
        var value = reader.Read(reader.schema, null);
        return reader.position == bytes.Length ? value : throw new InvalidDataException($"{bytes.Length - reader.position} bytes are left over.");
    }

    private JsonNode? Read(JsonElement type, string? space) => type.ValueKind switch
    {
        JsonValueKind.Array => Read(type[checked((int)ReadLong())], space),
        JsonValueKind.Object => ReadComplex(type, space),
        _ => ReadNamed(type.GetString()!, space),
    };

    private JsonNode? ReadComplex(JsonElement type, string? space)
    {
        switch (type.GetProperty("type").GetString())
        {
            case "record":
                var record = new JsonObject();
                foreach (var field in type.GetProperty("fields").EnumerateArray())
                {
                    record.Add(field.GetProperty("name").GetString()!, Read(field.GetProperty("type"), SpaceOf(type, space)));
                }

                return record;
            case "array":
                var items = new JsonArray();
                for (var count = ReadLong(); count != 0; count = ReadLong())
                {
                    if (count < 0)
                    {
                        count = -count;
                        ReadLong(); // the block's size
                    }

                    for (var index = 0; index < count; index++)
                    {
                        items.Add(Read(type.GetProperty("items"), space));
                    }
                }

                return items;
            case var primitive:
                return ReadNamed(primitive!, space);
        }
    }

    private JsonNode? ReadNamed(string type, string? space) => type switch
    {
        "null" => null,
        "boolean" => JsonValue.Create(Take(1)[0] switch { 0 => false, 1 => true, _ => throw new InvalidDataException("no boolean") }),
        "int" => JsonValue.Create(checked((int)ReadLong())),
        "long" => JsonValue.Create(ReadLong()),
        "float" => Floating(BinaryPrimitives.ReadSingleLittleEndian(Take(4)), value => JsonValue.Create((float)value)),
        "double" => Floating(BinaryPrimitives.ReadDoubleLittleEndian(Take(8)), value => JsonValue.Create(value)),
        "bytes" => JsonValue.Create(Convert.ToBase64String(Take(checked((int)ReadLong())))),
        "string" => JsonValue.Create(new UTF8Encoding(false, true).GetString(Take(checked((int)ReadLong())))),
        _ => Read(named[type.Contains('.', StringComparison.Ordinal) || space is null ? type : $"{space}.{type}"], space),
    };

    private static JsonValue Floating(double value, Func<double, JsonValue> create) =>
        double.IsFinite(value) ? create(value) : JsonValue.Create(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private long ReadLong()
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(1)[0];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return (long)(number >> 1) ^ -(long)(number & 1);
            }
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        position += count;
        return bytes.AsSpan(position - count, count);
    }

    private void Define(JsonElement type, string? space)
    {
        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (var branch in type.EnumerateArray())
            {
                Define(branch, space);
            }
        }
        else if (type.ValueKind == JsonValueKind.Object && type.TryGetProperty("items", out var items))
        {
            Define(items, space);
        }
        else if (type.ValueKind == JsonValueKind.Object && type.TryGetProperty("fields", out var fields))
        {
            var inner = SpaceOf(type, space);
            named.Add(inner is null ? type.GetProperty("name").GetString()! : $"{inner}.{type.GetProperty("name").GetString()}", type);
            foreach (var field in fields.EnumerateArray())
            {
                Define(field.GetProperty("type"), inner);
            }
        }
    }

    private static string? SpaceOf(JsonElement record, string? space) => record.TryGetProperty("namespace", out var own) ? own.GetString() : space;
}
