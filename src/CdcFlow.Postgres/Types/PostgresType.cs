namespace CdcFlow.Postgres.Types;

/// <summary>A column's type.</summary>
/// <param name="Name">As SQL would name it, for messages.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="OutputFunction">The function that makes the server's own text of a value, quoted and qualified.</param>
internal sealed record PostgresType(string Name, ValueKind Kind, string OutputFunction)
{
    /// <summary>A type that the catalog does not have any more, while rows of it are in the log.</summary>
    internal static PostgresType Dropped(uint oid) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"of a type that was dropped since (OID {oid})"), ValueKind.Text, "");

    /// <summary>Whether it is an enum, or a domain over one: then its texts are labels, which are part of the schema.</summary>
    internal bool IsEnum => OutputFunction == "pg_catalog.enum_out";

    /// <summary>Of an array, its elements' type; of a range, its bounds'; of a multirange, its ranges'.</summary>
    internal PostgresType? Element { get; init; }

    /// <summary>What a property can be read from.</summary>
    internal ColumnShape Shape => new(Kind, Element?.Shape);

    /// <summary>What separates an array's elements of this type: a comma for all types but box.</summary>
    internal byte Delimiter { get; init; } = (byte)',';

    /// <summary>Digits after the point in the text of money, which its locale decides.</summary>
    internal int MoneyScale { get; init; } = 2;

    /// <summary>Whether the binary form of a value is its text (text types, enums).</summary>
    internal bool IsBinaryText { get; init; }

    /// <summary>Whether COPY sends values in binary and <see cref="BinaryValue"/>
    /// (or <see cref="BinaryNumeric"/>) reads them: types whose text is slow to write and to read.</summary>
    internal bool HasBinaryValue => Kind
        is ValueKind.Boolean or ValueKind.Int16 or ValueKind.Int32 or ValueKind.Int64 or ValueKind.Single or ValueKind.Double or ValueKind.Numeric
        or ValueKind.Bytea or ValueKind.Date or ValueKind.Time or ValueKind.Timestamp or ValueKind.TimestampTz or ValueKind.Uuid;
}
