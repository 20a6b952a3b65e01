namespace CdcFlow.Postgres.Types;

/// <summary>The error for a value that the property's type cannot hold. Tells what kind of value it is, never the value.</summary>
internal static class ValueMisfit
{
    internal static CdcFlowException Of(ColumnBinding binding, int column, ReadOnlySpan<byte> value)
    {
        var descriptor = binding.Schema.Columns[column];
        var bound = binding.Columns[column];
        return new CdcFlowException(
            PostgresWireErrorCodes.ValueDoesNotFit,
            $"Column '{descriptor.Name}' ({bound.Type.Name}) of {binding.Table} holds {Describe(bound, value)}, "
            + $"which {binding.Schema.RowType}.{descriptor.Property} ({descriptor.ClrType.Name}) cannot hold.",
            $"Make the property {Instead(bound.Type.Kind)}.{(bound.Type.Kind == ValueKind.Text ? Transcode(binding.Table, descriptor.Name) : "")}");
    }

    private static string Describe(BoundColumn bound, ReadOnlySpan<byte> value) => bound.Type.Kind switch
    {
        ValueKind.Numeric => DescribeNumeric(bound, value),
        ValueKind.Date or ValueKind.Timestamp or ValueKind.TimestampTz => IsInfinite(bound, value) ? "an infinity" : "a date outside the years 1 to 9999",
        ValueKind.Time => "24:00:00",
        ValueKind.Interval => "an interval with months, or one that is too long",
        ValueKind.Array => "an array of several dimensions, with other bounds than 1, or with an element (or NULL) that does not fit",
        ValueKind.Range or ValueKind.Multirange => "a range with a bound that does not fit",
        ValueKind.Json => "JSON of more than 1,000 levels",
        ValueKind.Text => "bytes that are not UTF-8",
        _ => "a value out of range",
    };

    private static string DescribeNumeric(BoundColumn bound, ReadOnlySpan<byte> value) =>
        (bound.IsBinary ? BinaryNumeric.IsFinite(value) : value.IndexOfAny("Nn"u8) < 0) ? "more digits than fit"
        : (bound.IsBinary ? BinaryNumeric.IsNaN(value) : value.SequenceEqual("NaN"u8)) ? "NaN" : "an infinity";

    private static bool IsInfinite(BoundColumn bound, ReadOnlySpan<byte> value) => bound.IsBinary
        ? value[1..].IndexOfAnyExcept((byte)0xFF) < 0 || value[1..].IndexOfAnyExcept((byte)0) < 0
        : value.EndsWith("infinity"u8);

    // Only rows that are Latin-1: what is UTF-8 already would be encoded twice.
    private static string Transcode(string table, string column) =>
        $" Or write the row's text in UTF-8, as here from Latin-1: UPDATE {table} SET {column} = convert_from(convert(convert_to({column}, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') WHERE …;";

    private static string Instead(ValueKind kind) => kind switch
    {
        ValueKind.Numeric => "a PostgresNumeric, or a string (the server's own text)",
        ValueKind.Interval => "a PostgresInterval, or a string (the server's own text)",
        ValueKind.Time => "a TimeSpan, or a string (the server's own text)",
        ValueKind.Text => "a byte[] over a bytea column, or give the database an encoding (SQL_ASCII is none)",
        ValueKind.Array => "an array of nullable elements, or a string (the server's own text)",
        _ => "a string (the server's own text)",
    };
}
