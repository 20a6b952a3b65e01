using CdcFlow.Formats;

namespace CdcFlow.Postgres.Sink;

/// <summary>The binary form of <c>numeric</c>: digits of base 10,000, the weight of the first, a sign and the scale.</summary>
internal static class CopyNumeric
{
    private const int Base = 10_000;
    private const int DigitsPerGroup = 4;
    private const short Negative = 0x4000;

    // 29 digits, and the padding of the scale to whole groups.
    private const int GroupsAtMost = 10;

    public static void Append(ByteBuffer output, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var scale = (parts[3] >> 16) & 0xFF;
        var magnitude = ((UInt128)(uint)parts[2] << 64) | ((UInt128)(uint)parts[1] << 32) | (uint)parts[0];
        var padding = (DigitsPerGroup - (scale % DigitsPerGroup)) % DigitsPerGroup;
        magnitude *= padding switch { 0 => 1u, 1 => 10u, 2 => 100u, _ => 1000u };

        Span<short> groups = stackalloc short[GroupsAtMost];
        var first = GroupsAtMost;
        for (; magnitude != 0; magnitude /= Base)
        {
            groups[--first] = (short)(magnitude % Base);
        }

        var used = groups[first..];
        var fractionGroups = (scale + padding) / DigitsPerGroup;
        var weight = used.Length - fractionGroups - 1;
        Write(output, used.TrimEnd((short)0), used.Length == 0 ? 0 : weight, value < 0 ? Negative : (short)0, scale);
    }

    private static void Write(ByteBuffer output, ReadOnlySpan<short> groups, int weight, short sign, int scale)
    {
        CopyValue.Int32(output, (4 + groups.Length) * sizeof(short));
        CopyValue.Int16(output, (short)groups.Length);
        CopyValue.Int16(output, (short)weight);
        CopyValue.Int16(output, sign);
        CopyValue.Int16(output, (short)scale);
        foreach (var group in groups)
        {
            CopyValue.Int16(output, group);
        }
    }
}
