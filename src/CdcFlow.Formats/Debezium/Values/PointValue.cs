using System.Buffers.Binary;
using System.Globalization;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Points: both coordinates, and the point in well-known binary form (little-endian, type 1).</summary>
internal static class PointValue
{
    private const byte LittleEndian = 1;
    private const int PointType = 1;

    /// <summary>Appends the point of a server's text, <c>(1.5,-2.5)</c>.</summary>
    /// <returns>Whether it is one; nothing is appended otherwise.</returns>
    public static bool TryAppend(ByteBuffer output, ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(',');
        if (text is not ['(', .., ')'] || comma < 0 || !TryNumber(text[1..comma], out var x) || !TryNumber(text[(comma + 1)..^1], out var y))
        {
            return false;
        }

        Span<byte> binary = stackalloc byte[21];
        binary[0] = LittleEndian;
        BinaryPrimitives.WriteInt32LittleEndian(binary[1..], PointType);
        BinaryPrimitives.WriteDoubleLittleEndian(binary[5..], x);
        BinaryPrimitives.WriteDoubleLittleEndian(binary[13..], y);

        output.Append("{\"x\":"u8);
        JavaNumber.Append(output, x);
        output.Append(",\"y\":"u8);
        JavaNumber.Append(output, y);
        output.Append(",\"wkb\":\""u8);
        JsonValue.AppendBase64(output, binary);
        output.Append("\",\"srid\":null}"u8);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
