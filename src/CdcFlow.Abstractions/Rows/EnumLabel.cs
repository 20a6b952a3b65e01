using System.Buffers.Text;

namespace CdcFlow.Rows;

/// <summary>How a column's text names a member of an enum: by its label, or by its number.</summary>
public static class EnumLabel
{
    /// <summary>Whether <paramref name="text"/> names <paramref name="member"/>, ignoring ASCII case and underscores.</summary>
    /// <param name="text">The column's text, UTF-8.</param>
    /// <param name="member">The member's name, UTF-8.</param>
    public static bool Names(ReadOnlySpan<byte> text, ReadOnlySpan<byte> member)
    {
        int at = 0, against = 0;
        while (true)
        {
            at += CountUnderscores(text[at..]);
            against += CountUnderscores(member[against..]);
            if (at == text.Length || against == member.Length)
            {
                return at == text.Length && against == member.Length;
            }

            if (Lower(text[at++]) != Lower(member[against++]))
            {
                return false;
            }
        }
    }

    /// <summary>The number that <paramref name="text"/> is.</summary>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.UnknownEnumLabel"/>: it is none, so it is a label that the enum lacks.</exception>
    public static long Number(ReadOnlySpan<byte> text, RowSchema schema, int column) =>
        Utf8Parser.TryParse(text, out long number, out var consumed) && consumed == text.Length
            ? number
            : throw new CdcFlowException(
                ErrorCodes.UnknownEnumLabel,
                $"Column '{schema.Columns[column].Name}' of {schema.TableName} has a label that is no member of {schema.Columns[column].ClrType.Name}.",
                "Add the member to the enum (case and underscores do not matter), or make the property a string, and start again.");

    private static int CountUnderscores(ReadOnlySpan<byte> text)
    {
        var others = text.IndexOfAnyExcept((byte)'_');
        return others < 0 ? text.Length : others;
    }

    private static int Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter;
}
