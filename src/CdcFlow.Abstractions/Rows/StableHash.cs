using System.Runtime.InteropServices;

namespace CdcFlow.Rows;

/// <summary>Hashes that are the same in every process, so that a key always goes to the same lane or partition.</summary>
/// <remarks>FNV-1a over the value's bytes, finished with a 64-to-32 bit mix. Not for untrusted hash tables.</remarks>
public static class StableHash
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash of a fixed-size value.</summary>
    public static int Of<TValue>(TValue value)
        where TValue : unmanaged =>
        OfBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value)));

    /// <summary>The hash of a decimal by its value: 1.0 and 1.00 are equal.</summary>
    public static int Of(decimal value)
    {
        // Division by this one strips trailing zeros, which are part of the bytes.
        var stripped = value / 1.0000000000000000000000000000m;
        return OfBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<decimal>(in stripped)));
    }

    /// <summary>The hash of an instant, whatever its offset.</summary>
    public static int Of(DateTimeOffset value) => Of(value.UtcTicks);

    /// <summary>The hash of a text by its UTF-16 code units; 0 for null.</summary>
    public static int Of(string? value) => value is null ? 0 : OfBytes(MemoryMarshal.AsBytes(value.AsSpan()));

    /// <summary>The hash of bytes; 0 for null.</summary>
    public static int Of(byte[]? value) => value is null ? 0 : OfBytes(value);

    /// <summary>One hash out of two, order mattering.</summary>
    public static int Combine(int first, int second) => Finish(((ulong)(uint)first * Prime) ^ (uint)second);

    private static int OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = OffsetBasis;
        foreach (var octet in bytes)
        {
            hash = (hash ^ octet) * Prime;
        }

        return Finish(hash);
    }

    private static int Finish(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        return (int)hash;
    }
}
