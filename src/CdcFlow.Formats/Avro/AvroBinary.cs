using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace CdcFlow.Formats.Avro;

/// <summary>Avro's binary encoding of primitive values (<see href="https://avro.apache.org/docs/1.11.1/specification/#binary-encoding"/>).</summary>
internal static class AvroBinary
{
    /// <summary>The number of a union's first type.</summary>
    public const byte FirstBranch = 0;

    /// <summary>The number of a union's second type.</summary>
    public const byte SecondBranch = 2;

    private const int LongestNumber = 10;

    /// <summary>An <c>int</c> or <c>long</c>, a length, a union's branch: zigzag, then seven bits a byte, the lowest first.</summary>
    public static void Append(ByteBuffer output, long value)
    {
        var zigzag = ZigZag(value);
        if (zigzag < 0x80)
        {
            output.Append((byte)zigzag);
            return;
        }

        output.Advance(Write(output.GetSpan(LongestNumber), zigzag));
    }

    public static void Append(ByteBuffer output, bool value) => output.Append(value ? (byte)1 : (byte)0);

    public static void Append(ByteBuffer output, float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(sizeof(float)), value);
        output.Advance(sizeof(float));
    }

    public static void Append(ByteBuffer output, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    /// <summary><c>bytes</c>, or a text that is UTF-8 already.</summary>
    public static void Append(ByteBuffer output, ReadOnlySpan<byte> value)
    {
        Append(output, value.Length);
        output.Append(value);
    }

    /// <summary>A <c>string</c>.</summary>
    /// <exception cref="CdcFlowException">CDCF2102: half of a surrogate pair.</exception>
    public static void Append(ByteBuffer output, ReadOnlySpan<char> value)
    {
        // The length in bytes is known only afterwards. Mostly it takes as many bytes as the length in characters would.
        var guess = LengthOf(value.Length);
        var room = output.RoomFor(value, LongestNumber);
        if (Utf8.FromUtf16(value, room[guess..], out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw FormatErrors.NotUnicode();
        }

        var needed = LengthOf(written);
        if (needed != guess)
        {
            room.Slice(guess, written).CopyTo(room[needed..]);
        }

        Write(room, ZigZag(written));
        output.Advance(needed + written);
    }

    /// <summary>A value whose text is ASCII and shorter than 64 characters, as a <c>string</c>.</summary>
    public static void AppendText<TValue>(ByteBuffer output, TValue value)
        where TValue : IUtf8SpanFormattable
    {
        var start = output.Length;
        output.Append((byte)0);
        output.AppendText(value);
        output.WrittenForUpdate[start] = (byte)ZigZag(output.Length - start - 1);
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int LengthOf(int length) => length switch
    {
        < 1 << 6 => 1,
        < 1 << 13 => 2,
        < 1 << 20 => 3,
        < 1 << 27 => 4,
        _ => 5,
    };

    private static int Write(Span<byte> room, ulong zigzag)
    {
        var length = 0;
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            room[length++] = (byte)(zigzag | 0x80);
        }

        room[length++] = (byte)zigzag;
        return length;
    }
}
