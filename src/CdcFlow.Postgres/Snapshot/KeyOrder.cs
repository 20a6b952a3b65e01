using System.Globalization;
using System.Text;
using CdcFlow.Capture;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Compares keys as the server does, for the types where that is certain.</summary>
/// <param name="columns">How each key column compares.</param>
internal sealed class KeyOrder(IReadOnlyList<ColumnOrder> columns)
{
    /// <summary>Whether all columns compare here at all. Single values may still be the server's business.</summary>
    internal bool IsLocal { get; } = columns.All(column => column != ColumnOrder.Server);

    /// <summary>How many of the ascending <paramref name="bounds"/> are below the key; false when only the server can say.</summary>
    internal bool TryCountBelow(IReadOnlyList<ChunkKey> bounds, ChunkKey key, out int below)
    {
        below = 0;
        foreach (var bound in bounds)
        {
            if (!IsLocal || !TryCompare(bound, key, out var order))
            {
                return false;
            }

            if (order >= 0)
            {
                return true;
            }

            below++;
        }

        return true;
    }

    private bool TryCompare(ChunkKey left, ChunkKey right, out int order)
    {
        order = 0;
        for (var i = 0; i < columns.Count && order == 0; i++)
        {
            if (!TryCompare(columns[i], left.Values[i], right.Values[i], out order))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryCompare(ColumnOrder column, string left, string right, out int order)
    {
        switch (column)
        {
            case ColumnOrder.Integer:
                var isLeft = long.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var leftNumber);
                var isRight = long.TryParse(right, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var rightNumber);
                order = leftNumber.CompareTo(rightNumber);
                return isLeft && isRight;
            case ColumnOrder.Bytes:
                order = CompareBytes(left, right);
                return true;
            case ColumnOrder.Time:
                order = string.CompareOrdinal(left, right);
                return IsPlainTime(left) && IsPlainTime(right);
            default:
                order = 0;
                return false;
        }
    }

    // UTF-8 orders by code point; UTF-16 does not where surrogates meet U+E000 to U+FFFF.
    private static int CompareBytes(string left, string right)
    {
        if (Ascii.IsValid(left) && Ascii.IsValid(right))
        {
            return string.CompareOrdinal(left, right);
        }

        return Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
    }

    // 2026-01-31 or 2026-01-31 12:00:00.5+00: four digits of year, UTC, trailing zeros cut; '+' sorts before '.', as it must.
    private static bool IsPlainTime(string text) => text.Length >= 10 && text[4] == '-' && char.IsAsciiDigit(text[0]) && !text.EndsWith("BC", StringComparison.Ordinal);
}
