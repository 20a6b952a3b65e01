namespace CdcFlow.Postgres.Types;

/// <summary>Which columns a property can be read from: the one table for the decoders at run time and for the compiler, which looks at a schema lock.</summary>
/// <remarks>Compiled into the generator too. A value may still be one that the property cannot hold: that shows when it is read.</remarks>
internal static class ColumnFit
{
    private static readonly Dictionary<string, ValueKind[]> scalars = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = [ValueKind.Boolean, ValueKind.Bit],
        ["System.Byte"] = [ValueKind.Int16],
        ["System.Int16"] = [ValueKind.Int16],
        ["System.UInt16"] = [ValueKind.Int32],
        ["System.Int32"] = [ValueKind.Int32, ValueKind.Int16],
        ["System.UInt32"] = [ValueKind.UInt32, ValueKind.Int64],
        ["System.Int64"] = [ValueKind.Int64, ValueKind.Int32, ValueKind.Int16, ValueKind.UInt32],
        ["System.UInt64"] = [ValueKind.UInt64, ValueKind.UInt32, ValueKind.Int64, ValueKind.Numeric],
        ["System.Single"] = [ValueKind.Single],
        ["System.Double"] = [ValueKind.Double, ValueKind.Single, ValueKind.Int16, ValueKind.Int32],
        ["System.Decimal"] = [ValueKind.Numeric, ValueKind.Money, ValueKind.Int16, ValueKind.Int32, ValueKind.Int64],
        ["CdcFlow.Postgres.PostgresNumeric"] = [ValueKind.Numeric, ValueKind.Int16, ValueKind.Int32, ValueKind.Int64],
        ["System.Guid"] = [ValueKind.Uuid],
        ["System.DateOnly"] = [ValueKind.Date],
        ["System.TimeOnly"] = [ValueKind.Time],
        ["System.TimeSpan"] = [ValueKind.Interval, ValueKind.Time],
        ["System.DateTime"] = [ValueKind.Timestamp, ValueKind.TimestampTz, ValueKind.Date],
        ["System.DateTimeOffset"] = [ValueKind.TimestampTz],
        ["CdcFlow.Postgres.PostgresTimeTz"] = [ValueKind.TimeTz],
        ["CdcFlow.Postgres.PostgresInterval"] = [ValueKind.Interval],
        ["System.Net.IPAddress"] = [ValueKind.Inet],
        ["System.Net.IPNetwork"] = [ValueKind.Cidr],
        ["System.Net.NetworkInformation.PhysicalAddress"] = [ValueKind.MacAddr],
        ["System.Collections.BitArray"] = [ValueKind.Bit],
        ["System.Text.Json.JsonElement"] = [ValueKind.Json],
        ["System.Collections.Generic.Dictionary<System.String, System.String>"] = [ValueKind.Hstore],
    };

    private static readonly Dictionary<string, ValueKind[]> bounds = new(StringComparer.Ordinal)
    {
        ["System.Int32"] = [ValueKind.Int32],
        ["System.Int64"] = [ValueKind.Int64, ValueKind.Int32],
        ["System.Decimal"] = [ValueKind.Numeric],
        ["System.DateOnly"] = [ValueKind.Date],
        ["System.DateTime"] = [ValueKind.Timestamp, ValueKind.TimestampTz],
        ["System.DateTimeOffset"] = [ValueKind.TimestampTz],
    };

    /// <summary>The full names of the types that are no array and no range.</summary>
    internal static IReadOnlyCollection<string> Scalars => [.. scalars.Keys, "System.String", "System.Byte[]"];

    /// <summary>Whether the column's values are read into the property. A string takes every column, as the server's own text.</summary>
    internal static bool Takes(PropertyShape property, ColumnShape column) => (property, column) switch
    {
        ({ Name: "System.String" }, _) => true,
        ({ Name: PropertyShape.Array, Element.Name: "System.Byte" }, _) => column.Kind == ValueKind.Bytea,
        ({ Name: PropertyShape.Array, Element.Name: "System.Single" }, { Kind: ValueKind.Vector }) => true,
        ({ Name: PropertyShape.Array, Element: { } element }, { Kind: ValueKind.Array, Element: { } inner }) => TakesElement(element, inner),
        ({ Name: PropertyShape.Array, Element: { Name: PropertyShape.Range } range }, { Kind: ValueKind.Multirange, Element: { } inner }) => Takes(range, inner),
        ({ Name: PropertyShape.Range, Element: { } bound }, { Kind: ValueKind.Range, Element: { } inner }) => Has(bounds, bound.Name, inner.Kind),
        _ => Has(scalars, property.Name, column.Kind),
    };

    // A range has no NULL of its own as an element.
    private static bool TakesElement(PropertyShape element, ColumnShape column) => element is { Name: PropertyShape.Nullable, Element: { } value }
        ? value.Name != PropertyShape.Range && Takes(value, column)
        : Takes(element, column);

    private static bool Has(Dictionary<string, ValueKind[]> table, string name, ValueKind kind) => table.TryGetValue(name, out var kinds) && kinds.Contains(kind);
}
