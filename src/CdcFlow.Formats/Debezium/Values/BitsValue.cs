using System.Buffers;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Bit strings: bytes in which the string's last bit is the first one's lowest; zero bytes at the end are left out.</summary>
internal static class BitsValue
{
    /// <returns>Whether the text has only zeros and ones; nothing is appended otherwise.</returns>
    public static bool TryAppend(ByteBuffer output, ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept('0', '1'))
        {
            return false;
        }

        var rented = ArrayPool<byte>.Shared.Rent((text.Length / 8) + 1);
        var bytes = rented.AsSpan(0, (text.Length + 7) / 8);
        bytes.Clear();
        for (var bit = 0; bit < text.Length; bit++)
        {
            bytes[bit / 8] |= (byte)(text[^(bit + 1)] == '1' ? 1 << (bit % 8) : 0);
        }

        output.Append((byte)'"');
        JsonValue.AppendBase64(output, bytes.TrimEnd((byte)0));
        output.Append((byte)'"');
        ArrayPool<byte>.Shared.Return(rented);
        return true;
    }
}
