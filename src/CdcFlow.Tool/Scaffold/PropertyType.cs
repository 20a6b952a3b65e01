using CdcFlow.Postgres.Types;

namespace CdcFlow.Tool.Scaffold;

/// <summary>The type of a property, as C# spells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Where it is; null: nowhere, as with keywords and the types that are written along.</param>
internal sealed record PropertyType(string Name, string? Namespace = null)
{
    private const string Net = "System.Net", Postgres = "CdcFlow.Postgres", Bcl = "System";

    // As many as decimal always holds.
    private const int DecimalDigits = 28;

    private static readonly PropertyType text = new("string");

    /// <summary>The type for a column: of those that <c>docs/reference/postgres-types.md</c> lists the nearest one that every sink takes.</summary>
    internal static PropertyType Of(DatabaseColumn column) => column.Type switch
    {
        { Kind: ValueKind.Numeric } when Digits(column.Definition.TypeName) > DecimalDigits => new("PostgresNumeric", Postgres),
        { Kind: ValueKind.Bit } => column.Definition.TypeName == "bit(1)" ? new("bool") : text,
        { Kind: ValueKind.Array, Element: { } element } => column.Dimensions > 1 ? text : ArrayOf(element),
        { Kind: ValueKind.Range } range => RangeOf(range) ?? text,
        var type => Scalar(type.Kind),
    };

    private static int Digits(string typeName) =>
        typeName.StartsWith("numeric(", StringComparison.Ordinal) && int.TryParse(typeName["numeric(".Length..].Split(',', ')')[0], out var digits) ? digits : 0;

    // An array's elements may be NULL whatever the column says. Those of other types have no form in every sink, as texts they have.
    private static PropertyType ArrayOf(PostgresType element) => element.Kind
        is ValueKind.Boolean or ValueKind.Int16 or ValueKind.Int32 or ValueKind.Int64 or ValueKind.Single or ValueKind.Double or ValueKind.Numeric or ValueKind.Money
        or ValueKind.Bytea or ValueKind.Uuid or ValueKind.Date or ValueKind.Time or ValueKind.Timestamp or ValueKind.TimestampTz
        ? Scalar(element.Kind) with { Name = $"{Scalar(element.Kind).Name}?[]" }
        : new("string?[]");

    private static PropertyType? RangeOf(PostgresType range) => range.Element?.Kind
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
        ValueKind.Hstore => new("Dictionary<string, string?>", "System.Collections.Generic"),
        _ => text, // macaddr and multiranges too: what they would be in C# has no form in every sink
    };
}
