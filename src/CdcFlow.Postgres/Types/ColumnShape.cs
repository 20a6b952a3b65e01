namespace CdcFlow.Postgres.Types;

/// <summary>What a column's values are, as far as reading them goes.</summary>
/// <remarks>Compiled into the generator and the command <c>cdcflow</c> too: a schema lock holds its text.</remarks>
/// <param name="Kind">What they are.</param>
/// <param name="Element">Of an array, its elements; of a range, its bounds; of a multirange, its ranges. Null of others.</param>
internal sealed record ColumnShape(ValueKind Kind, ColumnShape? Element = null)
{
    private const string Of = " of ";

    /// <summary>The shape that <see cref="ToString"/> wrote; null where the text is none.</summary>
    internal static ColumnShape? Parse(string text)
    {
        ColumnShape? shape = null;
        var words = text.Split([Of], StringSplitOptions.None);
        for (var i = words.Length - 1; i >= 0; i--)
        {
            var word = words[i];
            if (!Enum.TryParse<ValueKind>(word, out var kind) || kind.ToString() != word || HasElement(kind) != (shape is not null))
            {
                return null;
            }

            shape = new ColumnShape(kind, shape);
        }

        return shape;
    }

    /// <summary>As in <c>Int64</c>, <c>Array of Text</c>, <c>Multirange of Range of Date</c>.</summary>
    public override string ToString() => Element is null ? Kind.ToString() : $"{Kind}{Of}{Element}";

    private static bool HasElement(ValueKind kind) => kind is ValueKind.Array or ValueKind.Range or ValueKind.Multirange;
}
