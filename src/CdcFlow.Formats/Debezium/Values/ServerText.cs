using System.Globalization;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Dates and times out of a server's text: <c>2026-03-29 01:30:00.123456+02</c>, <c>0044-03-15 BC</c>, <c>infinity</c>.</summary>
internal static class ServerText
{
    private const long MostYears = 5_874_897; // the last one that a server has: of PostgreSQL's dates

    /// <summary>A date, with a time of day where there is one. A zone is taken off: the moment is in UTC.</summary>
    public static bool TryMoment(ReadOnlySpan<char> text, out Moment value)
    {
        value = text is "infinity" ? Moment.Infinity : text is "-infinity" ? Moment.MinusInfinity : default;
        if (value.IsInfinite)
        {
            return true;
        }

        var isBeforeChrist = text.EndsWith(" BC", StringComparison.Ordinal);
        text = isBeforeChrist ? text[..^3] : text;
        var space = text.IndexOfAny(' ', 'T');
        if (!TryDate(space < 0 ? text : text[..space], isBeforeChrist, out var days))
        {
            return false;
        }

        long ticks = 0, zone = 0;
        var isRead = space < 0 || TryTime(text[(space + 1)..], out ticks, out zone);
        var utc = ticks - zone;
        var shift = utc < 0 ? -1 : zone != 0 && utc >= TimeSpan.TicksPerDay ? 1 : 0;
        value = new Moment(days + shift, utc - (shift * TimeSpan.TicksPerDay));
        return isRead;
    }

    /// <summary><c>hh:mm[:ss[.fraction]][±hh[:mm[:ss]]]</c>: ticks since midnight and of the zone, east positive.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out long ticks, out long zone)
    {
        var sign = text.IndexOfAny('+', '-', 'Z');
        var zoneText = sign < 0 || text[sign] == 'Z' ? [] : text[(sign + 1)..];
        var clock = sign < 0 ? text : text[..sign];
        var isRead = TryClock(clock, out var time) && clock.Contains(':') && time <= TimeSpan.TicksPerDay;
        var offset = Int128.Zero;
        isRead &= zoneText.IsEmpty || (TryClock(zoneText, out offset) && offset < TimeSpan.TicksPerDay);
        ticks = isRead ? (long)time : 0;
        zone = !isRead ? 0 : text[sign < 0 ? 0 : sign] == '-' ? -(long)offset : (long)offset;
        return isRead;
    }

    /// <summary><c>hh[:mm[:ss[.fraction]]]</c>; hours have as many digits as they need, which may be more ticks than 64 bits hold.</summary>
    public static bool TryClock(ReadOnlySpan<char> text, out Int128 ticks)
    {
        ticks = 0;
        var unit = TimeSpan.TicksPerHour;
        foreach (var range in text.Split(':'))
        {
            var part = text[range];
            var point = part.IndexOf('.');
            if (unit < TimeSpan.TicksPerSecond || !TryNumber(point < 0 ? part : part[..point], out var number)
                || !TryFraction(point < 0 ? [] : part[(point + 1)..], out var fraction) || (unit < TimeSpan.TicksPerHour && number > 59))
            {
                return false;
            }

            ticks += ((Int128)number * unit) + fraction;
            unit /= 60;
        }

        return true;
    }

    private static bool TryFraction(ReadOnlySpan<char> digits, out long ticks)
    {
        ticks = 0;
        if (digits.IsEmpty)
        {
            return true;
        }

        var isRead = digits.Length <= 7 && TryNumber(digits, out ticks);
        for (var length = digits.Length; length < 7; length++)
        {
            ticks *= 10;
        }

        return isRead;
    }

    private static bool TryDate(ReadOnlySpan<char> text, bool isBeforeChrist, out long days)
    {
        days = 0;
        if (text.Length < 7 || text[^3] != '-' || text[^6] != '-'
            || !TryNumber(text[..^6], out var year) || !TryNumber(text[^5..^3], out var month) || !TryNumber(text[^2..], out var day))
        {
            return false;
        }

        if (year > MostYears || month is < 1 or > 12)
        {
            return false;
        }

        // A day that its month does not have would be one of the next.
        year = isBeforeChrist ? 1 - year : year;
        days = CivilDate.ToDays(year, (int)month, (int)day);
        return CivilDate.Of(days) == (year, (int)month, (int)day);
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
