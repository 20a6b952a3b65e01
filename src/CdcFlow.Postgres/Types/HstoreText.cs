using System.Buffers;
using System.Text;

namespace CdcFlow.Postgres.Types;

/// <summary>hstore out of the server's text: <c>"k"=&gt;"v", "n"=&gt;NULL</c>.</summary>
internal static class HstoreText
{
    /// <summary>The text that the server reads.</summary>
    internal static string Write(Dictionary<string, string?> value) =>
        string.Join(", ", value.Select(pair => $"{Quoted(pair.Key)}=>{(pair.Value is null ? "NULL" : Quoted(pair.Value))}"));

    internal static bool TryRead(ReadOnlySpan<byte> text, out Dictionary<string, string?> value)
    {
        value = new Dictionary<string, string?>(StringComparer.Ordinal);
        var scratch = ArrayPool<byte>.Shared.Rent(text.Length + 1);
        try
        {
            while (!text.IsEmpty)
            {
                if (!TryReadPair(ref text, scratch, value))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static bool TryReadPair(ref ReadOnlySpan<byte> text, byte[] scratch, Dictionary<string, string?> pairs)
    {
        if (!QuotedText.TryRead(ref text, "="u8, scratch, out var piece, out var isQuoted) || !isQuoted)
        {
            return false;
        }

        var key = Encoding.UTF8.GetString(piece);
        if (!text.StartsWith("=>"u8))
        {
            return false;
        }

        text = text[2..];
        if (text.StartsWith("NULL"u8))
        {
            text = text[4..];
            pairs[key] = null;
        }
        else if (QuotedText.TryRead(ref text, ","u8, scratch, out piece, out isQuoted) && isQuoted)
        {
            pairs[key] = Encoding.UTF8.GetString(piece);
        }
        else
        {
            return false;
        }

        if (text.StartsWith(", "u8))
        {
            text = text[2..];
            return !text.IsEmpty;
        }

        return text.IsEmpty;
    }

    private static string Quoted(string piece) =>
        $"\"{piece.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
