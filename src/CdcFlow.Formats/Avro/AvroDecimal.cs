using System.Buffers.Binary;
using System.Numerics;

namespace CdcFlow.Formats.Avro;

/// <summary>Decimals as Avro's <c>decimal</c>: the unscaled number in two's complement, big-endian, in as few bytes as hold it.</summary>
internal static class AvroDecimal
{
    private const int MostZeros = 18; // 10^18 is the last power of ten that fits

    private static readonly long[] powers = [.. Enumerable.Range(0, MostZeros + 1).Select(exponent => (long)BigInteger.Pow(10, exponent))];

    /// <summary>Appends a number that fits in 64 bits at the scale, as nearly all do.</summary>
    /// <returns>Whether it does; nothing is appended otherwise.</returns>
    public static bool TryAppend(ByteBuffer output, decimal value, int scale)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var size = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        var zeros = scale - value.Scale;
        if (parts[2] != 0 || zeros is < 0 or > MostZeros || size > (ulong)(long.MaxValue / powers[zeros]))
        {
            return false;
        }

        Append(output, (long)size * powers[zeros] * (parts[3] < 0 ? -1 : 1));
        return true;
    }

    private static void Append(ByteBuffer output, long unscaled)
    {
        // The sign's bits in front that say nothing new.
        var spare = BitOperations.LeadingZeroCount((ulong)(unscaled ^ (unscaled >> 63))) - 1;
        var length = sizeof(long) - (spare / 8);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, unscaled);
        AvroBinary.Append(output, bytes[(sizeof(long) - length)..]);
    }
}
