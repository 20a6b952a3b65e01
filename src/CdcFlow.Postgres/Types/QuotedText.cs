namespace CdcFlow.Postgres.Types;

/// <summary>
/// A piece of the server's text of a compound value (array, range, hstore): bare, or in double quotes with backslashes before quotes and
/// backslashes (ranges double them instead).
/// </summary>
internal static class QuotedText
{
    /// <summary>Reads one piece and moves past it.</summary>
    /// <param name="text">What is left; afterwards, what follows the piece.</param>
    /// <param name="ends">Bytes that end a bare piece.</param>
    /// <param name="scratch">Room for a piece that must be unescaped; at least as long as the text.</param>
    /// <param name="piece">The piece, in the text itself or in the scratch.</param>
    /// <param name="isQuoted">Whether it stood in quotes.</param>
    internal static bool TryRead(
        ref ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> ends, Span<byte> scratch, out ReadOnlySpan<byte> piece, out bool isQuoted)
    {
        isQuoted = !text.IsEmpty && text[0] == (byte)'"';
        if (isQuoted)
        {
            return TryReadQuoted(ref text, scratch, out piece);
        }

        var end = text.IndexOfAny(ends);
        piece = end < 0 ? default : text[..end];
        text = end < 0 ? text : text[end..];
        return end >= 0 && !piece.ContainsAny("\"\\"u8);
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<byte> text, Span<byte> scratch, out ReadOnlySpan<byte> piece)
    {
        var length = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var letter = text[i];
            var isDoubled = letter == (byte)'"' && i + 1 < text.Length && text[i + 1] == (byte)'"';
            if (letter == (byte)'"' && !isDoubled)
            {
                piece = scratch[..length];
                text = text[(i + 1)..];
                return true;
            }

            if ((letter == (byte)'\\' || isDoubled) && ++i == text.Length)
            {
                break;
            }

            scratch[length++] = text[i];
        }

        piece = default;
        return false;
    }
}
