using CdcFlow.Formats.Connect;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>What a column is in Debezium's records, by its written database type, else by its C# type. The table stands in
/// <c>docs/reference/record-formats.md</c>.</summary>
internal static class DebeziumTypes
{
    public static DebeziumType Of(ColumnDescriptor column, DebeziumOptions options)
    {
        var server = ServerType.Of(column);
        var type = NumberTypes.Find(server) ?? DecimalTypes.Find(server, options.Decimals) ?? TemporalTypes.Find(server, options)
            ?? BinaryTypes.Find(server, options.Binaries) ?? TextTypes.Find(server);
        return type with { Schema = (server.IsArray ? ArrayOf(type.Schema, server) : type.Schema) with { IsOptional = column.IsNullable } };
    }

    // Debezium says of an enum's array that its items take no null, and of any other's that they do.
    private static ConnectSchema ArrayOf(ConnectSchema items, ServerType server) =>
        new(ConnectType.Array) { Items = items with { IsOptional = server.Name != "enum" } };
}
