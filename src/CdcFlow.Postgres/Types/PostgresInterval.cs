using System.Globalization;
using System.Text;

namespace CdcFlow.Postgres;

/// <summary>A value of <c>interval</c>. Months, days and time are kept apart, as the server does: a month has no fixed number of days, a day
/// none of hours.</summary>
/// <param name="Months">Whole months, years included.</param>
/// <param name="Days">Whole days.</param>
/// <param name="Microseconds">The rest.</param>
public readonly record struct PostgresInterval(int Months, int Days, long Microseconds) : IFormattable
{
    private const long MicrosecondsOfSecond = 1_000_000;

    /// <summary>The length of time, days counted as 24 hours; false when there are months, or when it is too long.</summary>
    public bool TryToTimeSpan(out TimeSpan value)
    {
        var ticks = ((Int128)Days * TimeSpan.TicksPerDay) + ((Int128)Microseconds * TimeSpan.TicksPerMicrosecond);
        var fits = Months == 0 && ticks >= long.MinValue && ticks <= long.MaxValue;
        value = fits ? new TimeSpan((long)ticks) : default;
        return fits;
    }

    /// <summary>The server's own text, <c>IntervalStyle = postgres</c>: <c>1 year 2 mons -3 days +04:05:06.7</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var follows = AppendPart(text, Months / 12, "year", false);
        follows = AppendPart(text, Months % 12, "mon", follows);
        follows = AppendPart(text, Days, "day", follows);
        if (text.Length == 0 || Microseconds != 0)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(Microseconds < 0 ? "-" : follows ? "+" : "");
            AppendClock(text, Int128.Abs(Microseconds));
        }

        return text.ToString();
    }

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <returns>Whether the part was negative: a positive one that follows gets a plus.</returns>
    private static bool AppendPart(StringBuilder text, int value, string unit, bool followsNegative)
    {
        if (value == 0)
        {
            return followsNegative;
        }

        text.Append(text.Length == 0 ? "" : " ").Append(followsNegative && value > 0 ? "+" : "")
            .Append(CultureInfo.InvariantCulture, $"{value} {unit}").Append(value == 1 ? "" : "s");
        return value < 0;
    }

    private static void AppendClock(StringBuilder text, Int128 microseconds)
    {
        var (seconds, fraction) = ((long)(microseconds / MicrosecondsOfSecond), (int)(microseconds % MicrosecondsOfSecond));
        text.Append(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        if (fraction > 0)
        {
            text.Append('.').Append(fraction.ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0'));
        }
    }
}
