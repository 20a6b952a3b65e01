using System.Diagnostics;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Json.Schemas;

/// <summary>The JSON Schema of a Connect schema, as Confluent's converter makes it; bytes are texts, which is what records have.</summary>
internal static class JsonSchemaFromConnect
{
    public static JsonSchema Of(ConnectSchema schema) => new(TypeOf(schema.Type))
    {
        IsNullable = schema.IsOptional,
        IsFloating = schema.Type is ConnectType.Float32 or ConnectType.Float64,
        Members = [.. schema.Fields.Select(field => new JsonSchemaMember(field.Name, Of(field.Schema)))],
        Items = schema.Items is { } items ? Of(items) : null,
        Connect = schema,
    };

    private static string TypeOf(ConnectType type) => type switch
    {
        ConnectType.Boolean => "boolean",
        ConnectType.Int16 or ConnectType.Int32 or ConnectType.Int64 => "integer",
        ConnectType.Float32 or ConnectType.Float64 => "number",
        ConnectType.String or ConnectType.Bytes => "string",
        ConnectType.Array => "array",
        ConnectType.Struct => "object",
        _ => throw new UnreachableException(),
    };
}
