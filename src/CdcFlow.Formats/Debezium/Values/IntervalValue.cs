using System.Globalization;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Intervals: months, days and a time, each with its own sign.</summary>
internal static class IntervalValue
{
    private const long MicrosecondsOfDay = 86_400_000_000;
    private const long MicrosecondsOfMonth = 2_629_800_000_000; // 365.25 / 12 days, as Debezium counts

    public static void Append(ByteBuffer output, ValueForm form, TimeSpan value) => Append(output, form, 0, value.Days, value.Ticks % TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond);

    /// <summary>Appends the interval of a server's text: <c>1 year 2 mons -3 days +04:05:06.7</c>.</summary>
    /// <returns>Whether it is one; nothing is appended otherwise.</returns>
    public static bool TryAppend(ByteBuffer output, ValueForm form, ReadOnlySpan<char> text)
    {
        long months = 0, days = 0, microseconds = 0, number = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.Contains(':'))
            {
                if (!ServerText.TryClock(word.TrimStart("+-"), out var ticks))
                {
                    return false;
                }

                var length = ticks / TimeSpan.TicksPerMicrosecond * (word[0] == '-' ? -1 : 1);
                if (length != (long)length)
                {
                    return false;
                }

                microseconds = (long)length;
            }
            else if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            {
                number = count;
            }
            else
            {
                switch (word)
                {
                    case ['y', ..]: months += number * 12; break;
                    case ['m', ..]: months += number; break;
                    case ['d', ..]: days = number; break;
                    default: return false;
                }
            }
        }

        Append(output, form, months, days, microseconds);
        return true;
    }

    private static void Append(ByteBuffer output, ValueForm form, long months, long days, long microseconds)
    {
        if (form == ValueForm.MicroDuration)
        {
            var total = ((Int128)months * MicrosecondsOfMonth) + ((Int128)days * MicrosecondsOfDay) + microseconds;
            output.AppendText(total == (long)total ? (long)total : throw FormatErrors.NotHeld(
                "an interval beyond 292,271 years in microseconds", "Set Intervals = String in the format's settings, or filter the row out."));
            return;
        }

        output.Append("\"P"u8);
        AppendPart(output, months / 12, (byte)'Y');
        AppendPart(output, months % 12, (byte)'M');
        AppendPart(output, days, (byte)'D');
        output.Append((byte)'T');
        var seconds = microseconds / 1_000_000;
        AppendPart(output, seconds / 3600, (byte)'H');
        AppendPart(output, seconds / 60 % 60, (byte)'M');
        var fraction = microseconds % 1_000_000;
        if (fraction < 0 && seconds % 60 == 0)
        {
            output.Append((byte)'-');
        }

        output.AppendText(seconds % 60);
        IsoText.AppendFraction(output, Math.Abs(fraction) * TimeSpan.TicksPerMicrosecond);
        output.Append("S\""u8);
    }

    private static void AppendPart(ByteBuffer output, long value, byte unit)
    {
        output.AppendText(value);
        output.Append(unit);
    }
}
