using System.Buffers;
using System.Globalization;
using System.Numerics;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Decimal numbers: the unscaled number's bytes (two's complement, big-endian, as few as hold it), or a double.</summary>
internal static class DecimalValue
{
    private const int DigitsOfLong = 18; // any number of so many digits fits
    private const int DigitsOfInt128 = 38;
    private const int DigitsOfDecimal = 29;

    public static void Append(ByteBuffer output, ValueForm form, int scale, decimal value)
    {
        switch (form)
        {
            case ValueForm.DecimalDouble or ValueForm.MoneyDouble: JavaNumber.Append(output, (double)value); break;
            case ValueForm.Text or ValueForm.MoneyText: AppendQuoted(output, value); break;
            case ValueForm.MoneyDecimal: AppendUnscaled(output, ValueForm.Decimal, scale, value); break;
            default: AppendUnscaled(output, form, scale, value); break;
        }
    }

    /// <summary>Appends the number of a server's text, of any length.</summary>
    /// <returns>Whether it is one; nothing is appended otherwise.</returns>
    public static bool TryAppend(ByteBuffer output, ValueForm form, int scale, ReadOnlySpan<char> text)
    {
        if (form == ValueForm.DecimalDouble)
        {
            var isHeld = FloatingValue.TryParse(text, out double rounded);
            if (isHeld)
            {
                JavaNumber.Append(output, rounded);
            }

            return isHeld;
        }

        var point = text.IndexOf('.');
        var digits = text.Length <= 256 ? stackalloc char[text.Length] : new char[text.Length];
        text[..(point < 0 ? text.Length : point)].CopyTo(digits);
        if (point >= 0)
        {
            text[(point + 1)..].CopyTo(digits[point..]);
            digits = digits[..^1];
        }

        var has = point < 0 ? 0 : text.Length - 1 - point;
        return digits.Length + Math.Max(scale - has, 0) <= DigitsOfInt128
            ? TryAppend<Int128>(output, form, scale, digits, has)
            : TryAppend<BigInteger>(output, form, scale, digits, has);
    }

    private static void AppendQuoted(ByteBuffer output, decimal value)
    {
        output.Append((byte)'"');
        ScalarText.Append(output, value);
        output.Append((byte)'"');
    }

    private static bool TryAppend<TInteger>(ByteBuffer output, ValueForm form, int scale, ReadOnlySpan<char> digits, int has)
        where TInteger : IBinaryInteger<TInteger>
    {
        var isRead = TInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unscaled);
        if (isRead)
        {
            AppendUnscaled(output, form, scale, unscaled!, has);
        }

        return isRead;
    }

    // The narrowest integer that surely holds the number at the column's scale: wider ones cost more, and the widest allocates.
    private static void AppendUnscaled(ByteBuffer output, ValueForm form, int scale, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var low = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        var isNegative = parts[3] < 0;
        var zeros = form == ValueForm.Decimal ? Math.Max(scale - value.Scale, 0) : 0;
        if (parts[2] == 0 && low <= long.MaxValue && (zeros == 0 || low.Digits() + zeros <= DigitsOfLong))
        {
            AppendUnscaled(output, form, scale, isNegative ? -(long)low : (long)low, value.Scale);
            return;
        }

        var size = (Int128)new UInt128((uint)parts[2], low);
        if (DigitsOfDecimal + zeros <= DigitsOfInt128)
        {
            AppendUnscaled(output, form, scale, isNegative ? -size : size, value.Scale);
        }
        else
        {
            AppendUnscaled(output, form, scale, (BigInteger)(isNegative ? -size : size), value.Scale);
        }
    }

    private static int Digits(this ulong value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static void AppendUnscaled<TInteger>(ByteBuffer output, ValueForm form, int scale, TInteger unscaled, int has)
        where TInteger : IBinaryInteger<TInteger>
    {
        if (form == ValueForm.Decimal)
        {
            AppendBytes(output, Rescaled(unscaled, has, scale));
            return;
        }

        // Zeros at the end are no part of the number where no scale is fixed.
        var ten = TInteger.CreateTruncating(10);
        for (; has > 0 && TInteger.IsZero(unscaled % ten); has--)
        {
            unscaled /= ten;
        }

        output.Append("{\"scale\":"u8);
        output.AppendText(has);
        output.Append(",\"value\":"u8);
        AppendBytes(output, unscaled);
        output.Append((byte)'}');
    }

    private static TInteger Rescaled<TInteger>(TInteger unscaled, int has, int scale)
        where TInteger : IBinaryInteger<TInteger>
    {
        var ten = TInteger.CreateTruncating(10);
        for (; has < scale; has++)
        {
            unscaled *= ten;
        }

        for (; has > scale; has--)
        {
            var (quotient, remainder) = TInteger.DivRem(unscaled, ten);
            unscaled = TInteger.IsZero(remainder)
                ? quotient
                : throw FormatErrors.NotHeld($"a number with more than {scale} digits after the point", "Write the column's own type in [Column(TypeName = …)].");
        }

        return unscaled;
    }

    private static void AppendBytes<TInteger>(ByteBuffer output, TInteger value)
        where TInteger : IBinaryInteger<TInteger>
    {
        // As a binary integer, a BigInteger writes no bit for its sign; by its own method it does.
        var big = value is BigInteger integer ? integer : (BigInteger?)null;
        var rented = ArrayPool<byte>.Shared.Rent(big?.GetByteCount() ?? value.GetByteCount());
        var written = 0;
        _ = big is { } wide ? wide.TryWriteBytes(rented, out written, isBigEndian: true) : value.TryWriteBigEndian(rented, out written);
        ReadOnlySpan<byte> bytes = rented.AsSpan(0, written);
        while (bytes is [0, < 0x80, ..] or [0xFF, >= 0x80, ..])
        {
            bytes = bytes[1..];
        }

        output.Append((byte)'"');
        JsonValue.AppendBase64(output, bytes);
        output.Append((byte)'"');
        ArrayPool<byte>.Shared.Return(rented);
    }
}
