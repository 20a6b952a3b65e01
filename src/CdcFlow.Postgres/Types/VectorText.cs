namespace CdcFlow.Postgres.Types;

/// <summary>Vectors of pgvector out of the server's text: <c>[1,2.5,3]</c>. They have no NULL and at least one number.</summary>
internal static class VectorText
{
    internal static bool TryRead(ReadOnlySpan<byte> text, out float[] value)
    {
        value = [];
        if (text.Length < 2 || text[0] != (byte)'[' || text[^1] != (byte)']')
        {
            return false;
        }

        text = text[1..^1];
        value = new float[text.Count((byte)',') + 1];
        for (var index = 0; index < value.Length; index++)
        {
            var end = text.IndexOf((byte)',');
            var number = end < 0 ? text : text[..end];
            if (!NumberText.TrySingle(number, out value[index]))
            {
                return false;
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }

        return true;
    }
}
