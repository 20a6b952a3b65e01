using System.Buffers.Text;

namespace CdcFlow.Postgres.Types;

/// <summary>Numbers out of the server's text. False: the type cannot hold the value exactly.</summary>
internal static class NumberText
{
    /// <summary>Digits that fit into 64 bits whatever they are.</summary>
    private const int SafeDigits = 18;
    private static readonly UInt128 maxMantissa = (UInt128.One << 96) - 1;

    internal static bool TryInt16(ReadOnlySpan<byte> text, out short value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    internal static bool TryInt32(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    internal static bool TryInt64(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    internal static bool TryUInt64(ReadOnlySpan<byte> text, out ulong value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    // The server writes NaN, Infinity and -Infinity as .NET does.
    internal static bool TrySingle(ReadOnlySpan<byte> text, out float value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    internal static bool TryDouble(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    /// <summary>A decimal with the server's scale; false for NaN, infinity, and for more digits than a decimal has. Never rounds.</summary>
    internal static bool TryDecimal(ReadOnlySpan<byte> text, out decimal value)
    {
        var isNegative = !text.IsEmpty && text[0] == (byte)'-';
        var digits = isNegative ? text[1..] : text;
        return digits.Length <= SafeDigits + 1 ? TryShort(digits, isNegative, out value) : TryLong(digits, isNegative, out value);
    }

    /// <summary>Money: its digits, with as many after the point as the locale has; brackets or a minus mean negative.</summary>
    internal static bool TryMoney(ReadOnlySpan<byte> text, int scale, out decimal value)
    {
        Span<byte> digits = stackalloc byte[24];
        var count = 0;
        foreach (var letter in text)
        {
            if (letter is >= (byte)'0' and <= (byte)'9')
            {
                if (count == digits.Length)
                {
                    value = 0;
                    return false;
                }

                digits[count++] = letter;
            }
        }

        if (!TryUInt64(digits[..count], out var units))
        {
            value = 0;
            return false;
        }

        value = new decimal((int)units, (int)(units >> 32), 0, text.IndexOfAny("-("u8) >= 0, (byte)scale);
        return true;
    }

    private static bool TryShort(ReadOnlySpan<byte> text, bool isNegative, out decimal value)
    {
        ulong mantissa = 0;
        var point = -1;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                digits++;
            }
            else if (text[i] == (byte)'.' && point < 0)
            {
                point = i;
            }
            else
            {
                value = 0;
                return false;
            }
        }

        var scale = point < 0 ? 0 : text.Length - 1 - point;
        value = new decimal((int)mantissa, (int)(mantissa >> 32), 0, isNegative, (byte)scale);
        return digits is > 0 and <= SafeDigits + 1;
    }

    private static bool TryLong(ReadOnlySpan<byte> text, bool isNegative, out decimal value)
    {
        value = 0;
        var point = text.IndexOf((byte)'.');
        var scale = 0;
        var mantissa = UInt128.Zero;
        for (var i = 0; i < text.Length; i++)
        {
            if (i == point)
            {
                continue;
            }

            var digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            var next = (mantissa * 10) + digit;
            if (next > maxMantissa || scale == 28)
            {
                if (point >= 0 && i > point && text[i..].IndexOfAnyExcept((byte)'0') < 0)
                {
                    break; // Only zeros are left after the point: the value is whole without them.
                }

                return false;
            }

            mantissa = next;
            scale += point >= 0 && i > point ? 1 : 0;
        }

        value = new decimal((int)(uint)mantissa, (int)(uint)(mantissa >> 32), (int)(uint)(mantissa >> 64), isNegative, (byte)scale);
        return true;
    }
}
