using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>What an old row shows in a column that is not known, because the log carried its key alone.</summary>
internal static class AbsentValue
{
    /// <summary>Null; for a column that takes no null, the value that Debezium's connectors fall back to: a reader that goes by the schema accepts nothing else.</summary>
    public static ReadOnlySpan<byte> Of(ConnectSchema schema) => schema.IsOptional ? "null"u8 : schema.Type switch
    {
        ConnectType.Boolean => "false"u8,
        ConnectType.Int16 or ConnectType.Int32 or ConnectType.Int64 => "0"u8,
        ConnectType.Float32 or ConnectType.Float64 => "0.0"u8,
        ConnectType.String or ConnectType.Bytes => "\"\""u8,
        ConnectType.Array => "[]"u8,
        _ when schema.Name == "io.debezium.data.VariableScaleDecimal" => "{\"scale\":0,\"value\":\"AA==\"}"u8,
        _ => "null"u8,
    };
}
