using System.Text;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>The pairs of an hstore, as a JSON object inside a text.</summary>
internal static class HstoreValue
{
    /// <summary>Appends the pairs of a server's text, <c>"k"=&gt;"v", "n"=&gt;NULL</c>.</summary>
    /// <returns>Whether it is that; nothing is appended otherwise.</returns>
    public static bool TryAppend(ByteBuffer output, ReadOnlySpan<char> text)
    {
        using var json = new ByteBuffer();
        json.Append((byte)'{');
        var piece = new StringBuilder();
        while (!text.IsEmpty)
        {
            if (!TryQuoted(ref text, piece) || !text.StartsWith("=>", StringComparison.Ordinal))
            {
                return false;
            }

            ConnectText.Append(json, piece.ToString());
            json.Append((byte)':');
            text = text[2..];
            if (text.StartsWith("NULL", StringComparison.Ordinal))
            {
                json.Append("null"u8);
                text = text[4..];
            }
            else if (TryQuoted(ref text, piece))
            {
                ConnectText.Append(json, piece.ToString());
            }
            else
            {
                return false;
            }

            if (text.StartsWith(", ", StringComparison.Ordinal))
            {
                json.Append((byte)',');
                text = text[2..];
            }
        }

        json.Append((byte)'}');
        ConnectText.Append(output, Encoding.UTF8.GetString(json.Written));
        return true;
    }

    /// <summary>Appends pairs.</summary>
    public static void Append(ByteBuffer output, Dictionary<string, string?> pairs)
    {
        using var json = new ByteBuffer();
        var start = json.Length;
        foreach (var (name, value) in pairs)
        {
            json.Append((byte)',');
            ConnectText.Append(json, name);
            json.Append((byte)':');
            if (value is null)
            {
                json.Append("null"u8);
            }
            else
            {
                ConnectText.Append(json, value);
            }
        }

        JsonMembers.Enclose(json, start, '{', '}');
        ConnectText.Append(output, Encoding.UTF8.GetString(json.Written));
    }

    private static bool TryQuoted(ref ReadOnlySpan<char> text, StringBuilder piece)
    {
        piece.Clear();
        if (text.IsEmpty || text[0] != '"')
        {
            return false;
        }

        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] == '"')
            {
                text = text[(index + 1)..];
                return true;
            }

            index += text[index] == '\\' && index + 1 < text.Length ? 1 : 0;
            piece.Append(text[index]);
        }

        return false;
    }
}
