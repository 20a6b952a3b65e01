using System.Text.Json;

namespace CdcFlow.Formats.Tests.Debezium;

/// <summary>Reads a record as Kafka Connect's JSON converter would: by the schema that it carries.</summary>
internal static class EmbeddedSchema
{
    public static void AssertFits(JsonElement record) => AssertFits("", record.GetProperty("schema"), record.GetProperty("payload"));

    private static void AssertFits(string path, JsonElement schema, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            Assert.True(schema.GetProperty("optional").GetBoolean(), $"{path} is null");
            return;
        }

        switch (schema.GetProperty("type").GetString())
        {
            case "struct":
                AssertStruct(path, schema, value);
                break;
            case "array":
                Assert.All(value.EnumerateArray(), item => AssertFits(path + "[]", schema.GetProperty("items"), item));
                break;
            case "boolean":
                Assert.True(value.ValueKind is JsonValueKind.True or JsonValueKind.False, path);
                break;
            case "int16":
                value.GetInt16();
                break;
            case "int32":
                value.GetInt32();
                break;
            case "int64":
                value.GetInt64();
                break;
            case "float" or "double" when value.ValueKind == JsonValueKind.String:
                Assert.True(value.GetString() is "NaN" or "Infinity" or "-Infinity", path);
                break;
            case "float" or "double":
                value.GetDouble();
                break;
            case "bytes":
                value.GetBytesFromBase64();
                break;
            case "string":
                Assert.Equal(JsonValueKind.String, value.ValueKind);
                break;
            case var other:
                Assert.Fail($"{path}: {other}");
                break;
        }
    }

    // A member that is not there is null; the rest are the schema's fields in their order.
    private static void AssertStruct(string path, JsonElement schema, JsonElement value)
    {
        var fields = schema.GetProperty("fields").EnumerateArray().ToList();
        var names = value.EnumerateObject().Select(member => member.Name).ToList();
        Assert.Equal(fields.Select(field => field.GetProperty("field").GetString()).Where(name => names.Contains(name!)), names);
        foreach (var field in fields)
        {
            var name = field.GetProperty("field").GetString()!;
            Assert.True(names.Contains(name) || field.GetProperty("optional").GetBoolean(), $"{path}.{name} is not there");
            if (value.TryGetProperty(name, out var member))
            {
                AssertFits($"{path}.{name}", field, member);
            }
        }
    }
}
