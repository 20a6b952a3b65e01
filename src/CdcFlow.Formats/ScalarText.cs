namespace CdcFlow.Formats;

/// <summary>The one text of each scalar value, shared by all text formats: exact, invariant, ISO 8601 where there is one.</summary>
internal static class ScalarText
{
    public static void Append(ByteBuffer output, bool value) => output.Append(value ? "true"u8 : "false"u8);

    /// <summary>The shortest text that reads back as the same number; <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>.</summary>
    public static void Append(ByteBuffer output, double value) => output.AppendText(value);

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static void Append(ByteBuffer output, float value) => output.AppendText(value);

    /// <summary>All digits, trailing zeros of the scale included.</summary>
    public static void Append(ByteBuffer output, decimal value) => output.AppendText(value);

    public static void Append(ByteBuffer output, Guid value) => output.AppendText(value);

    public static void Append(ByteBuffer output, DateOnly value) => output.AppendText(value, "O");

    public static void Append(ByteBuffer output, TimeOnly value)
    {
        output.AppendText(value, "O");
        TrimFraction(output, output.Written);
    }

    /// <summary><c>[-][d.]hh:mm:ss[.fffffff]</c>.</summary>
    public static void Append(ByteBuffer output, TimeSpan value) => output.AppendText(value, "c");

    /// <summary>With <c>Z</c> where its kind is UTC; any other without a zone: what a local time is, another machine could not say.</summary>
    public static void Append(ByteBuffer output, DateTime value)
    {
        output.AppendText(DateTime.SpecifyKind(value, DateTimeKind.Unspecified), "O");
        TrimFraction(output, output.Written);
        if (value.Kind == DateTimeKind.Utc)
        {
            output.Append((byte)'Z');
        }
    }

    /// <summary>The instant in UTC, with <c>Z</c>.</summary>
    public static void Append(ByteBuffer output, DateTimeOffset value)
    {
        Append(output, value.UtcDateTime);
    }

    // "O" always prints seven digits of a second; a value with fewer shows only those it has.
    private static void TrimFraction(ByteBuffer output, ReadOnlySpan<byte> written)
    {
        var length = written.TrimEnd((byte)'0').Length;
        var digits = written.Length - length;
        if (digits > 0)
        {
            output.Truncate(digits >= 7 ? written.Length - "0000000".Length - 1 : length);
        }
    }
}
