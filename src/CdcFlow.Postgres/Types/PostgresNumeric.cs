using System.Globalization;
using System.Numerics;

namespace CdcFlow.Postgres;

/// <summary>Any value of <c>numeric</c>: up to 131,072 digits before the point, NaN and the infinities.</summary>
/// <remarks>For columns that hold values beyond <see cref="decimal"/>.</remarks>
public readonly record struct PostgresNumeric : IFormattable
{
    private readonly NumericSign special;

    private PostgresNumeric(NumericSign special) => this.special = special;

    /// <summary>Makes the finite value <c>unscaled / 10^scale</c>.</summary>
    /// <param name="unscaled">All digits.</param>
    /// <param name="scale">How many of them stand after the point.</param>
    public PostgresNumeric(BigInteger unscaled, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        Unscaled = unscaled;
        Scale = scale;
    }

    private enum NumericSign : byte
    {
        Finite,
        NaN,
        PositiveInfinity,
        NegativeInfinity,
    }

    /// <summary>Not a number.</summary>
    public static PostgresNumeric NaN { get; } = new(NumericSign.NaN);

    /// <summary>Above every number.</summary>
    public static PostgresNumeric PositiveInfinity { get; } = new(NumericSign.PositiveInfinity);

    /// <summary>Below every number.</summary>
    public static PostgresNumeric NegativeInfinity { get; } = new(NumericSign.NegativeInfinity);

    /// <summary>All digits of a finite value, as if there were no point; 0 for the others.</summary>
    public BigInteger Unscaled { get; }

    /// <summary>How many digits stand after the point, trailing zeros included.</summary>
    public int Scale { get; }

    /// <summary>Whether it is a number.</summary>
    public bool IsFinite => special == NumericSign.Finite;

    /// <summary>The server's own text.</summary>
    public override string ToString()
    {
        if (!IsFinite)
        {
            return special == NumericSign.NaN ? "NaN" : special == NumericSign.PositiveInfinity ? "Infinity" : "-Infinity";
        }

        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var sign = Unscaled.Sign < 0 ? "-" : "";
        return Scale == 0 ? sign + digits : $"{sign}{digits[..^Scale]}.{digits[^Scale..]}";
    }

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Reads the server's text (UTF-8).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out PostgresNumeric value)
    {
        value = text.SequenceEqual("NaN"u8) ? NaN
            : text.SequenceEqual("Infinity"u8) ? PositiveInfinity
            : text.SequenceEqual("-Infinity"u8) ? NegativeInfinity
            : default;
        if (!value.IsFinite)
        {
            return true;
        }

        var point = text.IndexOf((byte)'.');
        Span<char> digits = text.Length <= 256 ? stackalloc char[text.Length] : new char[text.Length];
        var count = 0;
        foreach (var letter in text)
        {
            if (letter != (byte)'.')
            {
                digits[count++] = (char)letter;
            }
        }

        var isNumber = BigInteger.TryParse(digits[..count], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unscaled);
        value = isNumber ? new PostgresNumeric(unscaled, point < 0 ? 0 : text.Length - 1 - point) : default;
        return isNumber;
    }
}
