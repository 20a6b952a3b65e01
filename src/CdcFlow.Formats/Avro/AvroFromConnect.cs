using System.Diagnostics;
using System.Globalization;
using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Avro;

/// <summary>The Avro schema of a Connect schema, as Confluent's converter makes it.</summary>
internal static class AvroFromConnect
{
    public static AvroSchema Of(ConnectSchema schema)
    {
        var parameters = schema.Parameters.ToDictionary(item => item.Name, item => item.Value);
        return new AvroSchema(TypeOf(schema.Type))
        {
            IsNullable = schema.IsOptional,
            Default = schema.Default,
            LogicalType = LogicalTypeOf(schema.Name),
            Scale = Number(parameters, "scale"),
            Precision = Number(parameters, "connect.decimal.precision"),
            Name = schema.Type == ConnectType.Struct ? AvroNames.FullNameOf(schema.Name ?? "ConnectDefault") : null,
            Fields = [.. schema.Fields.Select(field => new AvroField(AvroNames.Of(field.Name), Of(field.Schema)))],
            Items = schema.Items is { } items ? Of(items) : null,
            Connect = schema,
        };
    }

    /// <summary>The place of null in the union that a schema becomes: first, unless there is another default.</summary>
    public static int NullBranchOf(ConnectSchema schema) => schema.Default is null ? 0 : 1;

    private static AvroType TypeOf(ConnectType type) => type switch
    {
        ConnectType.Boolean => AvroType.Boolean,
        ConnectType.Int16 or ConnectType.Int32 => AvroType.Int,
        ConnectType.Int64 => AvroType.Long,
        ConnectType.Float32 => AvroType.Float,
        ConnectType.Float64 => AvroType.Double,
        ConnectType.String => AvroType.String,
        ConnectType.Bytes => AvroType.Bytes,
        ConnectType.Array => AvroType.Array,
        ConnectType.Struct => AvroType.Record,
        _ => throw new UnreachableException(),
    };

    // Connect's own meanings have a counterpart in Avro; Debezium's have none there, and are told by their name.
    private static string? LogicalTypeOf(string? name) => name switch
    {
        "org.apache.kafka.connect.data.Decimal" => "decimal",
        "org.apache.kafka.connect.data.Date" => "date",
        "org.apache.kafka.connect.data.Time" => "time-millis",
        "org.apache.kafka.connect.data.Timestamp" => "timestamp-millis",
        _ => null,
    };

    private static int Number(Dictionary<string, string> parameters, string name) =>
        parameters.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
}
