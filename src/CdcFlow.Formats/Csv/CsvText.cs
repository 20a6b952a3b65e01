using System.Buffers;
using System.Text.Unicode;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Csv;

/// <summary>Text as a CSV field (RFC 4180).</summary>
internal static class CsvText
{
    private static readonly SearchValues<byte> mustQuote = SearchValues.Create(",\"\r\n"u8);

    public static void Append(ByteBuffer output, ReadOnlySpan<char> value)
    {
        var start = output.Length;
        var room = output.RoomFor(value);
        if (Utf8.FromUtf16(value, room, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw FormatErrors.NotUnicode();
        }

        output.Advance(written);
        QuoteFrom(output, start);
    }

    /// <summary>Bytes as base64.</summary>
    public static void Append(ByteBuffer output, byte[] value)
    {
        var start = output.Length;
        JsonValue.AppendBase64(output, value);
        QuoteFrom(output, start);
    }

    /// <summary>Any other value: its JSON, as one field.</summary>
    public static void AppendJson<TValue>(ByteBuffer output, TValue value)
    {
        var start = output.Length;
        JsonOther.Append(output, value);
        QuoteFrom(output, start);
    }

    /// <summary>Puts what was written since <paramref name="start"/> in quotes where the format wants it.</summary>
    private static void QuoteFrom(ByteBuffer output, int start)
    {
        var written = output.Written[start..];
        var isPlain = written.Length > 0 && written.IndexOfAny(mustQuote) < 0 && written[0] != (byte)' ' && written[^1] != (byte)' ';
        if (isPlain)
        {
            return;
        }

        // The field is short and quoting rare: a pooled copy is the simplest way to double the quotes.
        var copy = ArrayPool<byte>.Shared.Rent(written.Length);
        var field = copy.AsSpan(0, written.Length);
        written.CopyTo(field);
        output.Truncate(start);
        output.Append((byte)'"');
        int quote;
        while ((quote = field.IndexOf((byte)'"')) >= 0)
        {
            output.Append(field[..(quote + 1)]);
            output.Append((byte)'"');
            field = field[(quote + 1)..];
        }

        output.Append(field);
        output.Append((byte)'"');
        ArrayPool<byte>.Shared.Return(copy);
    }
}
