using System.Collections;

namespace CdcFlow.Postgres.Types;

/// <summary>Bit strings out of the server's text: <c>0101</c>, the first bit first.</summary>
internal static class BitText
{
    internal static bool TryRead(ReadOnlySpan<byte> text, out BitArray value)
    {
        value = new BitArray(text.Length);
        if (text.ContainsAnyExcept((byte)'0', (byte)'1'))
        {
            return false;
        }

        for (var index = 0; index < text.Length; index++)
        {
            value[index] = text[index] == (byte)'1';
        }

        return true;
    }
}
