using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Types;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>What a column is in flat Avro records, by its C# type. The table stands in <c>docs/reference/record-formats.md</c>.</summary>
internal static class FlatAvroTypes
{
    private const int DigitsOfUInt64 = 20;

    // Avro has no logical type for a length of time in one number.
    private static readonly AvroSchema duration = new(AvroType.Long)
    {
        Connect = new(ConnectType.Int64) { Name = "io.debezium.time.MicroDuration", Version = 1 },
    };

    public static AvroColumnType Of(ColumnDescriptor column)
    {
        var item = column.ClrType != typeof(byte[]) ? column.ClrType.GetElementType() : null;
        var type = Of(item is null ? column.ClrType : Nullable.GetUnderlyingType(item) ?? item, column.TypeName is { } written ? ServerType.Parse(written) : null);
        var schema = item is null ? type.Schema : new AvroSchema(AvroType.Array) { Items = type.Schema with { IsNullable = true } };
        return type with { Schema = schema with { IsNullable = column.IsNullable } };
    }

    private static AvroColumnType Of(Type type, ServerType? server) => type.IsEnum ? Text() : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => new(new(AvroType.Boolean), ValueForm.Boolean),
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 => new(new(AvroType.Int), ValueForm.Integer),
        TypeCode.UInt32 or TypeCode.Int64 => new(new(AvroType.Long), ValueForm.Integer),
        TypeCode.UInt64 => Decimal(DigitsOfUInt64, 0),
        TypeCode.Single => new(new(AvroType.Float), ValueForm.Float),
        TypeCode.Double => new(new(AvroType.Double), ValueForm.Double),
        TypeCode.Decimal when server is { Name: "numeric" or "decimal" } && server.Number(0) is { } precision => Decimal(precision, server.Number(1) ?? 0),
        TypeCode.DateTime when server is { Name: "timestamptz" or "timestamp with time zone" } => Time(AvroType.Long, "timestamp-micros", ValueForm.MicrosTimestamp),
        TypeCode.DateTime => Time(AvroType.Long, "local-timestamp-micros", ValueForm.MicrosTimestamp),
        _ when type == typeof(DateTimeOffset) => Time(AvroType.Long, "timestamp-micros", ValueForm.MicrosTimestamp),
        _ when type == typeof(DateOnly) => Time(AvroType.Int, "date", ValueForm.Days),
        _ when type == typeof(TimeOnly) => Time(AvroType.Long, "time-micros", ValueForm.MicrosOfDay),
        _ when type == typeof(TimeSpan) => new(duration, ValueForm.MicroDuration),
        _ when type == typeof(Guid) => new(new(AvroType.String) { LogicalType = "uuid" }, ValueForm.Text),
        _ when type == typeof(byte[]) => new(new(AvroType.Bytes), ValueForm.Bytes),
        _ => Text(),
    };

    private static AvroColumnType Text() => new(new(AvroType.String), ValueForm.Text);

    private static AvroColumnType Time(AvroType type, string meaning, ValueForm form) => new(new(type) { LogicalType = meaning }, form);

    // PostgreSQL has numeric(3,-2) and numeric(2,5); Avro's scale is from zero to the precision, and readers take what is not for bare bytes.
    private static AvroColumnType Decimal(int precision, int scale) =>
        scale < 0 ? Decimal(precision - scale, 0)
        : scale > precision ? Decimal(scale, scale)
        : new(new(AvroType.Bytes) { LogicalType = "decimal", Precision = precision, Scale = scale }, ValueForm.Decimal);
}
