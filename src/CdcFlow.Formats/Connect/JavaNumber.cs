using System.Globalization;

namespace CdcFlow.Formats.Connect;

/// <summary>Floating-point numbers as Java prints them, which is what the converter's JSON shows: <c>1.0</c>, <c>1.0E10</c>, <c>3.4028235E38</c>.</summary>
/// <remarks>The shortest digits that read back as the same number; NaN and the infinities are texts.</remarks>
internal static class JavaNumber
{
    // Java prints numbers outside this range with an exponent.
    private const double PlainFrom = 1e-3;
    private const double PlainBelow = 1e7;

    public static void Append(ByteBuffer output, double value) => Append(output, value, value);

    public static void Append(ByteBuffer output, float value) => Append(output, value, value);

    private static void Append<TNumber>(ByteBuffer output, TNumber number, double value)
        where TNumber : IUtf8SpanFormattable
    {
        if (!double.IsFinite(value))
        {
            output.Append(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);
            return;
        }

        var start = output.Length;
        var size = Math.Abs(value);
        if (size is 0 or (>= PlainFrom and < PlainBelow))
        {
            output.AppendText(number);
            if (!output.Written[start..].Contains((byte)'.'))
            {
                output.Append(".0"u8);
            }

            return;
        }

        Span<byte> text = stackalloc byte[32];
        number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        AppendScientific(output, text[..length]);
    }

    /// <summary>The digits of a number's shortest text, put together anew as <c>d.dddE±n</c>.</summary>
    private static void AppendScientific(ByteBuffer output, ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'-')
        {
            output.Append((byte)'-');
            text = text[1..];
        }

        var mark = text.IndexOf((byte)'E');
        var exponent = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf((byte)'.');
        Span<byte> digits = stackalloc byte[32];
        mantissa[..(point < 0 ? mantissa.Length : point)].CopyTo(digits);
        var whole = point < 0 ? mantissa.Length : point;
        var count = whole;
        if (point >= 0)
        {
            mantissa[(point + 1)..].CopyTo(digits[whole..]);
            count = mantissa.Length - 1;
        }

        var zeros = digits[..count].IndexOfAnyExcept((byte)'0');
        var significant = digits[zeros..count].TrimEnd((byte)'0');
        output.Append(significant[0]);
        output.Append((byte)'.');
        output.Append(significant.Length > 1 ? significant[1..] : "0"u8);
        output.Append((byte)'E');
        output.AppendText(exponent + whole - 1 - zeros);
    }
}
