using System.Buffers;
using System.Buffers.Binary;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Types;

/// <summary>
/// The binary form of numeric: digit count, weight of the first digit, sign, scale, then digits of base 10,000. Common values become a
/// decimal directly; the rest is written out as the server would and goes the way of the text, so both ways agree.
/// </summary>
internal static class BinaryNumeric
{
    private const int HeaderLength = 8;
    private const int DecimalsPerDigit = 4;
    private const ushort Negative = 0x4000;

    internal static bool TryDecimal(ReadOnlySpan<byte> bytes, out decimal value)
    {
        var numeric = new Header(bytes);
        value = 0;
        if (!numeric.IsFinite)
        {
            return false;
        }

        // Decimals that the digits themselves reach, and how many more (or fewer, cutting zeros) the scale asks for.
        var missing = numeric.Scale - ((numeric.Count - 1 - numeric.Weight) * DecimalsPerDigit);
        if (numeric.Count == 0)
        {
            missing = 0;
        }

        if (numeric.Count > 4 || missing is < -3 or > 3 || numeric.Scale > 28)
        {
            return TryLong(numeric, bytes[HeaderLength..], out value);
        }

        ulong mantissa = 0;
        for (var i = 0; i < numeric.Count; i++)
        {
            mantissa = (mantissa * 10_000) + Digit(bytes[HeaderLength..], i);
        }

        for (; missing > 0; missing--)
        {
            mantissa *= 10;
        }

        for (; missing < 0; missing++)
        {
            mantissa /= 10;
        }

        value = new decimal((int)mantissa, (int)(mantissa >> 32), 0, numeric.Sign == Negative, (byte)numeric.Scale);
        return true;
    }

    /// <summary>Whether the value is NaN.</summary>
    internal static bool IsNaN(ReadOnlySpan<byte> bytes) => new Header(bytes).Sign == 0xC000;

    /// <summary>Whether the value is a number.</summary>
    internal static bool IsFinite(ReadOnlySpan<byte> bytes) => new Header(bytes).IsFinite;

    private static bool TryLong(Header numeric, ReadOnlySpan<byte> digits, out decimal value)
    {
        var whole = Math.Max(numeric.Weight + 1, 1) * DecimalsPerDigit;
        var text = ArrayPool<byte>.Shared.Rent(whole + numeric.Scale + DecimalsPerDigit + 2);
        try
        {
            var length = 0;
            if (numeric.Sign == Negative)
            {
                text[length++] = (byte)'-';
            }

            for (var at = Math.Max((int)numeric.Weight, 0); at >= 0; at--)
            {
                length += Write(DigitOfWeight(numeric, digits, at), DecimalsPerDigit, text.AsSpan(length));
            }

            if (numeric.Scale > 0)
            {
                text[length++] = (byte)'.';
                for (int at = -1, left = numeric.Scale; left > 0; at--, left -= DecimalsPerDigit)
                {
                    length += Write(DigitOfWeight(numeric, digits, at), Math.Min(left, DecimalsPerDigit), text.AsSpan(length));
                }
            }

            return NumberText.TryDecimal(text.AsSpan(0, length), out value);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private static int Write(ushort digit, int decimals, Span<byte> text)
    {
        for (int i = 0, unit = 1000; i < decimals; i++, unit /= 10)
        {
            text[i] = (byte)('0' + (digit / unit % 10));
        }

        return decimals;
    }

    private static ushort DigitOfWeight(Header numeric, ReadOnlySpan<byte> digits, int weight) =>
        numeric.Weight - weight is var index && index >= 0 && index < numeric.Count ? Digit(digits, index) : (ushort)0;

    private static ushort Digit(ReadOnlySpan<byte> digits, int index) =>
        BinaryPrimitives.ReadUInt16BigEndian(digits[(index * 2)..]) is var digit && digit < 10_000
            ? digit
            : throw new PostgresProtocolException("A binary numeric has a digit beyond its base.");

    private readonly ref struct Header
    {
        internal Header(ReadOnlySpan<byte> bytes)
        {
            var reader = new WireReader(bytes);
            Count = (ushort)reader.ReadInt16();
            Weight = reader.ReadInt16();
            Sign = (ushort)reader.ReadInt16();
            Scale = reader.ReadInt16();
            if (reader.Remaining != Count * 2 || Scale < 0)
            {
                throw new PostgresProtocolException($"A binary numeric announces {Count} digits and scale {Scale} in {bytes.Length} bytes.");
            }
        }

        internal int Count { get; }

        internal short Weight { get; }

        internal ushort Sign { get; }

        internal short Scale { get; }

        internal bool IsFinite => Sign is 0 or Negative;
    }
}
