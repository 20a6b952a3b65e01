using System.Buffers;

namespace CdcFlow.Postgres.Types;

/// <summary>Ranges and multiranges out of the server's text: <c>empty</c>, <c>[1,5)</c>, <c>(,"2026-01-01 00:00:00+00"]</c>, <c>{[1,2),[5,)}</c>.</summary>
internal static class RangeText
{
    internal static bool TryRead<T>(ReadOnlySpan<byte> text, PostgresType range, TryDecode<T> decode, out PostgresRange<T> value)
        where T : struct
    {
        if (text.SequenceEqual("empty"u8))
        {
            value = new PostgresRange<T> { IsEmpty = true };
            return true;
        }

        return TryReadBounds(ref text, range, decode, out value) && text.IsEmpty;
    }

    internal static bool TryReadMulti<T>(ReadOnlySpan<byte> text, PostgresType multirange, TryDecode<T> decode, out PostgresRange<T>[] value)
        where T : struct
    {
        value = [];
        if (text.SequenceEqual("{}"u8))
        {
            return true;
        }

        var ranges = new List<PostgresRange<T>>();
        do
        {
            text = text.IsEmpty ? text : text[1..];
            if (!TryReadBounds(ref text, multirange.Element!, decode, out var range))
            {
                return false;
            }

            ranges.Add(range);
        }
        while (text.StartsWith(","u8));

        value = [.. ranges];
        return text.SequenceEqual("}"u8);
    }

    private static bool TryReadBounds<T>(ref ReadOnlySpan<byte> text, PostgresType range, TryDecode<T> decode, out PostgresRange<T> value)
        where T : struct
    {
        value = default;
        var scratch = ArrayPool<byte>.Shared.Rent(text.Length + 1);
        try
        {
            if (text.IsEmpty || text[0] is not ((byte)'[' or (byte)'('))
            {
                return false;
            }

            var isLowerInclusive = text[0] == (byte)'[';
            text = text[1..];
            if (!TryReadBound(ref text, ","u8, range, decode, scratch, out var lower) || text[0] != (byte)',')
            {
                return false;
            }

            text = text[1..];
            if (!TryReadBound(ref text, "])"u8, range, decode, scratch, out var upper) || text[0] is not ((byte)']' or (byte)')'))
            {
                return false;
            }

            value = new PostgresRange<T>(lower, upper, isLowerInclusive, text[0] == (byte)']');
            text = text[1..];
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static bool TryReadBound<T>(
        ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> ends, PostgresType range, TryDecode<T> decode, byte[] scratch, out T? value)
        where T : struct
    {
        value = null;
        if (!QuotedText.TryRead(ref text, ends, scratch, out var bound, out var isQuoted) || text.IsEmpty)
        {
            return false;
        }

        if (bound.IsEmpty && !isQuoted)
        {
            return true; // No bound on this side.
        }

        var fits = decode(bound, range.Element!, out var decoded);
        value = decoded;
        return fits;
    }
}
