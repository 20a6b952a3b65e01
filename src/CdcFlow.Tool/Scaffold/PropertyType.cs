using CdcFlow.Postgres.Types;

namespace CdcFlow.Tool.Scaffold;

/// <summary>The type of a property, as C# spells it.</summary>
/// <remarks>Compiled into the generator too, which proposes it where a property does not fit.</remarks>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Where it is; null: nowhere, as with keywords and the types that are written along.</param>
internal sealed record PropertyType(string Name, string? Namespace = null)
{
    private const string Net = "System.Net", Postgres = "CdcFlow.Postgres", Bcl = "System";

    // As many as decimal always holds.
    private const int DecimalDigits = 28;

    private static readonly PropertyType text = new("string");

    /// <summary>The type for a column: of those that <c>docs/reference/postgres-types.md</c> lists the nearest one that every sink takes.</summary>
    /// <param name="column">What its values are.</param>
    /// <param name="typeName">Its type as the server writes it.</param>
    /// <param name="dimensions">Of an array, how many dimensions it was declared with.</param>
    internal static PropertyType Of(ColumnShape column, string typeName, int dimensions = 1) => column switch
    {
        { Kind: ValueKind.Numeric } when HoldsMoreThanDecimal(typeName) => new("PostgresNumeric", Postgres),
        { Kind: ValueKind.Bit } => typeName == "bit(1)" ? new("bool") : text,
        { Kind: ValueKind.Array, Element: { } element } => dimensions > 1 ? text : ArrayOf(element),
        { Kind: ValueKind.Range } range => RangeOf(range) ?? text,
        _ => Scalar(column.Kind),
    };

    /// <summary>Whether a type was declared with more digits than a decimal always holds.</summary>
    internal static bool HoldsMoreThanDecimal(string typeName)
    {
        var parts = typeName.Split('(', ',', ')');
        return parts.Length > 1 && parts[0] == "numeric" && int.TryParse(parts[1], out var digits) && digits > DecimalDigits;
    }

    // An array's elements may be NULL whatever the column says. Those of other types have no form in every sink, as texts they have.
    private static PropertyType ArrayOf(ColumnShape element) => element.Kind
        is ValueKind.Boolean or ValueKind.Int16 or ValueKind.Int32 or ValueKind.Int64 or ValueKind.Single or ValueKind.Double or ValueKind.Numeric or ValueKind.Money
        or ValueKind.Bytea or ValueKind.Uuid or ValueKind.Date or ValueKind.Time or ValueKind.Timestamp or ValueKind.TimestampTz
        ? Scalar(element.Kind) with { Name = $"{Scalar(element.Kind).Name}?[]" }
        : new("string?[]");

    private static PropertyType? RangeOf(ColumnShape range) => range.Element?.Kind
        is ValueKind.Int32 or ValueKind.Int64 or ValueKind.Numeric or ValueKind.Date or ValueKind.Timestamp or ValueKind.TimestampTz
        ? new($"PostgresRange<{Scalar(range.Element.Kind).Name}>", Postgres)
        : null;

    private static PropertyType Scalar(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => new("bool"),
        ValueKind.Int16 => new("short"),
        ValueKind.Int32 => new("int"),
        ValueKind.Int64 => new("long"),
        ValueKind.UInt32 => new("uint"),
        ValueKind.UInt64 => new("ulong"),
        ValueKind.Single => new("float"),
        ValueKind.Double => new("double"),
        ValueKind.Numeric or ValueKind.Money => new("decimal"),
        ValueKind.Bytea => new("byte[]"),
        ValueKind.Date => new("DateOnly", Bcl),
        ValueKind.Time => new("TimeOnly", Bcl),
        ValueKind.TimeTz => new("PostgresTimeTz", Postgres),
        ValueKind.Timestamp => new("DateTime", Bcl),
        ValueKind.TimestampTz => new("DateTimeOffset", Bcl),
        ValueKind.Interval => new("PostgresInterval", Postgres),
        ValueKind.Uuid => new("Guid", Bcl),
        ValueKind.Inet => new("IPAddress", Net),
        ValueKind.Cidr => new("IPNetwork", Net),
        ValueKind.Vector => new("float[]"),
        ValueKind.Hstore => new("Dictionary<string, string?>", "System.Collections.Generic"),
        _ => text, // macaddr and multiranges too: what they would be in C# has no form in every sink
    };
}
