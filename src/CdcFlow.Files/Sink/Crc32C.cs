using System.Buffers.Binary;
using System.Numerics;

namespace CdcFlow.Files.Sink;

/// <summary>CRC-32C (Castagnoli), which processors compute: finds a file that a disk has torn or changed.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of everything before, <paramref name="bytes"/> included.</summary>
    /// <param name="crc">The checksum of everything before; 0 at first.</param>
    /// <param name="bytes">What follows.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var octet in bytes)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
