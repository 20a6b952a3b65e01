using CdcFlow.Formats.Connect;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>What a column is in Debezium's records: by its written database type where that goes with its C# type, else by the C# type alone. The table stands in
/// <c>docs/reference/record-formats.md</c>.</summary>
internal static class DebeziumTypes
{
    public static DebeziumType Of(ColumnDescriptor column, DebeziumOptions options)
    {
        var clr = ServerType.ItemType(column);
        var isArray = ServerType.IsArrayOf(column.ClrType);
        var type = Written(column, clr, isArray, options) ?? Find(ServerType.Default(column), options);
        return type with
        {
            Schema = (isArray ? ArrayOf(type.Schema) : type.Schema) with { IsOptional = column.IsNullable },
            IsNotFiniteNull = options.NotFinite == NotFiniteMode.Null && type.Form is (ValueForm.Decimal or ValueForm.VariableScaleDecimal) && (isArray || column.IsNullable),
        };
    }

    // The text of a whole array is no text of its items, so a property that takes the whole as text is a text.
    private static DebeziumType? Written(ColumnDescriptor column, Type clr, bool isArray, DebeziumOptions options)
    {
        var server = ServerType.Of(column);
        if (column.TypeName is null || server.IsArray != isArray)
        {
            return null;
        }

        var type = Find(server, options);
        return ValueFit.Fits(clr, type.Form) ? type : null;
    }

    private static DebeziumType Find(ServerType server, DebeziumOptions options) =>
        NumberTypes.Find(server) ?? DecimalTypes.Find(server, options.Decimals) ?? TemporalTypes.Find(server, options)
        ?? BinaryTypes.Find(server, options.Binaries) ?? TextTypes.Find(server);

    // Debezium says of an enum's array that its items take no null, and of any other's that they do.
    private static ConnectSchema ArrayOf(ConnectSchema items) =>
        new(ConnectType.Array) { Items = items with { IsOptional = items.Name != TextTypes.EnumName } };
}
