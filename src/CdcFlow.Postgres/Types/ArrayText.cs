using System.Buffers;

namespace CdcFlow.Postgres.Types;

/// <summary>
/// One-dimensional arrays out of the server's text: <c>{1,NULL,"a,b"}</c>. False: several dimensions, a lower bound other than 1, or an
/// element that does not fit (NULL for an element type that takes none).
/// </summary>
internal static class ArrayText
{
    internal static bool TryRead<T>(ReadOnlySpan<byte> text, PostgresType array, TryDecode<T> decode, bool takesNull, out T[] value)
    {
        value = [];
        if (text.Length < 2 || text[0] != (byte)'{' || text[^1] != (byte)'}')
        {
            return false;
        }

        if (text.Length == 2)
        {
            return true;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            return TryCount(text, array.Delimiter, scratch, out var count)
                && TryFill(text, array, decode, takesNull, scratch, value = new T[count]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static bool TryCount(ReadOnlySpan<byte> text, byte delimiter, byte[] scratch, out int count)
    {
        ReadOnlySpan<byte> ends = [delimiter, (byte)'}'];
        count = 0;
        do
        {
            text = text[1..];
            if (text.IsEmpty || text[0] == (byte)'{' || !QuotedText.TryRead(ref text, ends, scratch, out _, out _) || text.IsEmpty)
            {
                return false;
            }

            count++;
        }
        while (text[0] == delimiter);

        return text.Length == 1;
    }

    private static bool TryFill<T>(
        ReadOnlySpan<byte> text, PostgresType array, TryDecode<T> decode, bool takesNull, byte[] scratch, T[] value)
    {
        ReadOnlySpan<byte> ends = [array.Delimiter, (byte)'}'];
        for (var i = 0; i < value.Length; i++)
        {
            text = text[1..];
            QuotedText.TryRead(ref text, ends, scratch, out var element, out var isQuoted);
            if (!isQuoted && element.SequenceEqual("NULL"u8))
            {
                if (!takesNull)
                {
                    return false;
                }

                continue;
            }

            if (!decode(element, array.Element!, out value[i]))
            {
                return false;
            }
        }

        return true;
    }
}
