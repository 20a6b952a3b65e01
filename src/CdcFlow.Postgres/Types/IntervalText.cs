using System.Buffers.Text;

namespace CdcFlow.Postgres.Types;

/// <summary>Intervals out of the server's text in IntervalStyle postgres: <c>1 year 2 mons -3 days 04:05:06.7</c>.</summary>
internal static class IntervalText
{
    internal static bool TryParse(ReadOnlySpan<byte> text, out PostgresInterval value)
    {
        long months = 0, days = 0, microseconds = 0;
        value = default;
        while (!text.IsEmpty)
        {
            var word = Word(ref text);
            if (word.Contains((byte)':'))
            {
                if (!text.IsEmpty || !TryClock(word, out microseconds))
                {
                    return false;
                }

                break;
            }

            if (!TryNumber(word, out var number))
            {
                return false;
            }

            switch (Word(ref text))
            {
                case [(byte)'y', ..]: months += number * 12; break;
                case [(byte)'m', ..]: months += number; break;
                case [(byte)'d', ..]: days += number; break;
                default: return false;
            }
        }

        value = new PostgresInterval((int)months, (int)days, microseconds);
        return months == (int)months && days == (int)days;
    }

    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? [] : text[(space + 1)..];
        return word;
    }

    // After a negative part the server writes positive ones with a plus.
    private static bool TryNumber(ReadOnlySpan<byte> word, out int number) =>
        Utf8Parser.TryParse(word, out number, out var used) && used == word.Length;

    // [-]hours:minutes:seconds[.fraction]; hours have as many digits as they need.
    private static bool TryClock(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        var isNegative = text[0] == (byte)'-';
        text = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var colon = text.IndexOf((byte)':');
        if (!Utf8Parser.TryParse(text, out ulong hours, out var used) || used != colon || text.Length < colon + 6 || text[colon + 3] != (byte)':'
            || !Utf8Parser.TryParse(text.Slice(colon + 1, 2), out uint minutes, out used) || used != 2
            || !Utf8Parser.TryParse(text.Slice(colon + 4, 2), out uint seconds, out used) || used != 2)
        {
            return false;
        }

        ulong fraction = 0;
        var digits = text[(colon + 6)..];
        if (!digits.IsEmpty)
        {
            if (digits.Length > 7 || digits[0] != (byte)'.' || !Utf8Parser.TryParse(digits[1..], out fraction, out used) || used != digits.Length - 1)
            {
                return false;
            }

            for (var i = digits.Length - 1; i < 6; i++)
            {
                fraction *= 10;
            }
        }

        var total = ((((((Int128)hours * 60) + minutes) * 60) + seconds) * 1_000_000) + fraction;
        total = isNegative ? -total : total;
        microseconds = (long)total;
        return total == microseconds;
    }
}
