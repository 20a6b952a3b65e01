namespace CdcFlow.Postgres.Types;

/// <summary>
/// Dates and times out of the server's ISO text, which every connection pins (DateStyle ISO, TimeZone UTC).
/// False: .NET cannot hold the value (infinity, BC, a year above 9999, 24:00:00).
/// </summary>
internal static class TemporalText
{
    private const int SecondsOfDay = 24 * 60 * 60;

    internal static bool TryDate(ReadOnlySpan<byte> text, out DateOnly value)
    {
        value = default;
        if (!TryDay(text, out var day, out var length) || length != text.Length)
        {
            return false;
        }

        value = DateOnly.FromDayNumber(day);
        return true;
    }

    /// <summary>Time since midnight, up to 24:00:00 itself.</summary>
    internal static bool TryTime(ReadOnlySpan<byte> text, out TimeSpan value) =>
        TryClock(text, out value, out var length) && length == text.Length;

    internal static bool TryTimeOnly(ReadOnlySpan<byte> text, out TimeOnly value)
    {
        var fits = TryTime(text, out var time) && time.Ticks < TimeSpan.TicksPerDay;
        value = fits ? new TimeOnly(time.Ticks) : default;
        return fits;
    }

    internal static bool TryTimestamp(ReadOnlySpan<byte> text, out DateTime value)
    {
        value = default;
        if (!TryDay(text, out var day, out var length)
            || length >= text.Length || text[length] != (byte)' '
            || !TryClock(text[(length + 1)..], out var time, out var clockLength)
            || length + 1 + clockLength != text.Length)
        {
            return false;
        }

        value = new DateTime((day * TimeSpan.TicksPerDay) + time.Ticks, DateTimeKind.Unspecified);
        return true;
    }

    /// <summary>An instant; the session's zone is UTC, so the text ends with +00.</summary>
    internal static bool TryInstant(ReadOnlySpan<byte> text, out DateTimeOffset value)
    {
        value = default;
        if (!text.EndsWith("+00"u8) || !TryTimestamp(text[..^3], out var time))
        {
            return false;
        }

        value = new DateTimeOffset(time.Ticks, TimeSpan.Zero);
        return true;
    }

    internal static bool TryTimeTz(ReadOnlySpan<byte> text, out PostgresTimeTz value)
    {
        value = default;
        if (!TryClock(text, out var time, out var length) || length >= text.Length || !TryOffset(text[length..], out var offset))
        {
            return false;
        }

        value = new PostgresTimeTz(time, offset);
        return true;
    }

    // Days since 0001-01-01; years have four digits at least.
    private static bool TryDay(ReadOnlySpan<byte> text, out int day, out int length)
    {
        day = 0;
        length = 10;
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-')
        {
            return false;
        }

        var (year, month, dayOfMonth) = ((Two(text) * 100) + Two(text[2..]), Two(text[5..]), Two(text[8..]));
        if (year is < 1 or > 9999 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, dayOfMonth).DayNumber;
        return true;
    }

    private static bool TryClock(ReadOnlySpan<byte> text, out TimeSpan value, out int length)
    {
        value = default;
        length = 8;
        if (text.Length < 8 || text[2] != (byte)':' || text[5] != (byte)':')
        {
            return false;
        }

        var (hour, minute, second) = (Two(text), Two(text[3..]), Two(text[6..]));
        if (hour is < 0 or > 24 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            return false;
        }

        var microseconds = 0;
        if (text.Length > 8 && text[8] == (byte)'.')
        {
            for (length = 9; length < text.Length && (uint)(text[length] - '0') <= 9 && length < 15; length++)
            {
                microseconds = (microseconds * 10) + (text[length] - '0');
            }

            for (var digits = length - 9; digits < 6; digits++)
            {
                microseconds *= 10;
            }
        }

        var seconds = (((hour * 60) + minute) * 60) + second;
        value = new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond));
        return value.Ticks <= SecondsOfDay * TimeSpan.TicksPerSecond;
    }

    // +HH, +HH:MM or +HH:MM:SS
    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = default;
        if (text.Length is not (3 or 6 or 9) || text[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        var seconds = 0;
        for (int at = 1, unit = 3600; at < text.Length; at += 3, unit /= 60)
        {
            if (Two(text[at..]) is var part && (part < 0 || (at > 1 && text[at - 1] != (byte)':')))
            {
                return false;
            }

            seconds += part * unit;
        }

        offset = TimeSpan.FromSeconds(text[0] == (byte)'-' ? -seconds : seconds);
        return true;
    }

    /// <summary>Two digits; -1000 when they are none, so that every range check fails.</summary>
    private static int Two(ReadOnlySpan<byte> text)
    {
        uint tens = (uint)(text[0] - '0'), ones = (uint)(text[1] - '0');
        return tens <= 9 && ones <= 9 ? (int)((tens * 10) + ones) : -1000_00;
    }
}
