using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace CdcFlow.Formats.Json;

/// <summary>Text as a JSON string (RFC 8259 §7), UTF-16 to UTF-8 in one pass.</summary>
internal static class JsonText
{
    // The last three end a line for readers that go by Unicode (Node's readline, Python's splitlines), and a record is one line.
    private static readonly SearchValues<char> mustEscape =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\', '\u0085', '\u2028', '\u2029']);

    private static readonly SearchValues<char> lineEnds = SearchValues.Create(['\r', '\n', '\u0085', '\u2028', '\u2029']);

    public static void Append(ByteBuffer output, ReadOnlySpan<char> value)
    {
        output.GetSpan(value.Length + 2); // at least that: a large text should not make the buffer grow step by step
        output.Append((byte)'"');
        int clean;
        while ((clean = value.IndexOfAny(mustEscape)) >= 0)
        {
            AppendClean(output, value[..clean]);
            AppendEscape(output, value[clean]);
            value = value[(clean + 1)..];
        }

        AppendClean(output, value);
        output.Append((byte)'"');
    }

    /// <summary>Appends JSON as the inside of a JSON string.</summary>
    internal static void AppendJson(ByteBuffer output, ReadOnlySpan<byte> json)
    {
        // JSON itself has no bare control characters, so only these two need an escape.
        int special;
        while ((special = json.IndexOfAny((byte)'"', (byte)'\\')) >= 0)
        {
            output.Append(json[..special]);
            output.Append((byte)'\\');
            output.Append(json[special]);
            json = json[(special + 1)..];
        }

        output.Append(json);
    }

    /// <summary>Appends JSON as it stands, but for what ends a line.</summary>
    internal static void AppendOnOneLine(ByteBuffer output, ReadOnlySpan<char> json)
    {
        int end;
        while ((end = json.IndexOfAny(lineEnds)) >= 0)
        {
            AppendClean(output, json[..end]);
            if (json[end] is '\r' or '\n')
            {
                output.Append((byte)' '); // between members only: inside a text they are escaped
            }
            else
            {
                AppendCode(output, json[end]); // inside a text only
            }

            json = json[(end + 1)..];
        }

        AppendClean(output, json);
    }

    private static void AppendClean(ByteBuffer output, ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            var status = Utf8.FromUtf16(value, output.GetSpan(value.Length), out var read, out var written, replaceInvalidSequences: false);
            output.Advance(written);
            value = value[read..];
            if (status == OperationStatus.InvalidData)
            {
                // Half of a surrogate pair: JSON can spell it, UTF-8 cannot.
                AppendCode(output, value[0]);
                value = value[1..];
            }
            else if (status == OperationStatus.DestinationTooSmall)
            {
                output.RoomFor(value);
            }
        }
    }

    /// <summary>One character as an escape: the short form where there is one.</summary>
    internal static void AppendEscape(ByteBuffer output, char value)
    {
        switch (value)
        {
            case '"': output.Append("\\\""u8); break;
            case '\\': output.Append("\\\\"u8); break;
            case '\b': output.Append("\\b"u8); break;
            case '\f': output.Append("\\f"u8); break;
            case '\n': output.Append("\\n"u8); break;
            case '\r': output.Append("\\r"u8); break;
            case '\t': output.Append("\\t"u8); break;
            default: AppendCode(output, value); break;
        }
    }

    private static void AppendCode(ByteBuffer output, char value)
    {
        output.Append("\\u"u8);
        ((int)value).TryFormat(output.GetSpan(4), out var written, "X4", CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
