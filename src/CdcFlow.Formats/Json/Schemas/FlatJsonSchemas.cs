using System.Text.Json;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Json.Schemas;

/// <summary>The schemas of flat JSON records.</summary>
internal static class FlatJsonSchemas
{
    private static readonly JsonSchema text = new("string");
    private static readonly JsonSchema operation = text with { Values = ["r", "c", "u", "d", "t"] };

    private static readonly JsonSchema metadata = new("object")
    {
        Members =
        [
            new("source", text, IsRequired: true), new("schema", text, IsRequired: true), new("table", text, IsRequired: true),
            new("transaction_id", text),
            new("committed_at", text with { Format = "date-time" }, IsRequired: true),
            new("transaction", text, IsRequired: true),
            new("event", Integer(ConnectType.Int32), IsRequired: true), new("row", Integer(ConnectType.Int32), IsRequired: true),
            new("not_carried", new("array") { Items = text }),
        ],
    };

    /// <summary>The schema of keys.</summary>
    /// <param name="rows">The row type.</param>
    /// <param name="options">Names.</param>
    /// <param name="prefix">What schema names begin with: the topic.</param>
    public static JsonSchema Key(RowSchema rows, RecordOptions options, string prefix) =>
        new("object") { Title = prefix + ".Key", Members = [.. rows.KeyColumns.Select(index => Member(rows.Columns[index], options) with { IsRequired = true })] };

    /// <summary>The schema of values. No column is required: a delete has only its key, a truncate none, an update those that the log carried.</summary>
    /// <inheritdoc cref="Key" path="/param"/>
    public static JsonSchema Value(RowSchema rows, RecordOptions options, string prefix) => new("object")
    {
        Title = prefix + ".Value",
        Members = [new("op", operation, IsRequired: true), .. rows.Columns.Select(column => Member(column, options)), new("_cdc", metadata, IsRequired: true)],
    };

    private static JsonSchemaMember Member(ColumnDescriptor column, RecordOptions options) =>
        new(FieldNames.Of(column, options.Naming), Of(column.ClrType) with { IsNullable = column.IsNullable });

    private static JsonSchema Of(Type type)
    {
        var item = type != typeof(byte[]) ? type.GetElementType() : null;
        return item is null ? OfScalar(type) : new("array") { Items = OfScalar(Nullable.GetUnderlyingType(item) ?? item) with { IsNullable = true } };
    }

    private static JsonSchema OfScalar(Type type) => type.IsEnum ? text : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => new("boolean"),
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 => Integer(ConnectType.Int16),
        TypeCode.UInt16 or TypeCode.Int32 => Integer(ConnectType.Int32),
        TypeCode.UInt32 or TypeCode.Int64 => Integer(ConnectType.Int64),
        TypeCode.UInt64 => new("integer"),
        TypeCode.Single => Number(ConnectType.Float32),
        TypeCode.Double => Number(ConnectType.Float64),
        TypeCode.Decimal => new("number"),
        _ when type == typeof(DateTimeOffset) => text with { Format = "date-time" },
        _ when type == typeof(DateOnly) => text with { Format = "date" },
        _ when type == typeof(Guid) => text with { Format = "uuid" },
        _ when type == typeof(byte[]) => text with { Connect = new(ConnectType.Bytes) },
        _ when type == typeof(JsonElement) || type == typeof(Dictionary<string, string>) => new(Type: null),
        _ => text,
    };

    private static JsonSchema Integer(ConnectType type) => new("integer") { Connect = new(type) };

    private static JsonSchema Number(ConnectType type) => new("number") { IsFloating = true, Connect = new(type) };
}
