using System.Buffers;
using System.Text.Unicode;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Connect;

/// <summary>Text as Kafka Connect's JSON converter spells it, byte for byte: characters beyond the basic plane are two escapes.</summary>
/// <remarks>Byte for byte, because a partition is chosen by a key's bytes.</remarks>
internal static class ConnectText
{
    private static readonly SearchValues<char> plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x60).Select(code => (char)code).Except(['"', '\\'])]);

    public static void Append(ByteBuffer output, ReadOnlySpan<char> value)
    {
        output.Append((byte)'"');
        AppendUnquoted(output, value);
        output.Append((byte)'"');
    }

    /// <summary>Appends a part of a text, escaped.</summary>
    public static void AppendUnquoted(ByteBuffer output, ReadOnlySpan<char> value)
    {
        while (true)
        {
            var run = value.IndexOfAnyExcept(plain);
            var ascii = run < 0 ? value : value[..run];
            _ = System.Text.Ascii.FromUtf16(ascii, output.GetSpan(ascii.Length), out var written);
            output.Advance(written);
            if (run < 0)
            {
                return;
            }

            value = AppendOthers(output, value[run..]);
        }
    }

    /// <summary>Appends characters up to the next plain one.</summary>
    /// <returns>What follows them.</returns>
    private static ReadOnlySpan<char> AppendOthers(ByteBuffer output, ReadOnlySpan<char> value)
    {
        var index = 0;
        for (; index < value.Length && !plain.Contains(value[index]); index++)
        {
            if (value[index] < 0x80 || char.IsSurrogate(value[index]))
            {
                JsonText.AppendEscape(output, value[index]);
            }
            else
            {
                Utf8.FromUtf16(value.Slice(index, 1), output.GetSpan(3), out _, out var written);
                output.Advance(written);
            }
        }

        return value[index..];
    }
}
