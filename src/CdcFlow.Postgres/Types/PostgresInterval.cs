namespace CdcFlow.Postgres;

/// <summary>A value of <c>interval</c>. Months, days and time are kept apart, as the server does: a month has no fixed number of days, a day
/// none of hours.</summary>
/// <param name="Months">Whole months, years included.</param>
/// <param name="Days">Whole days.</param>
/// <param name="Microseconds">The rest.</param>
public readonly record struct PostgresInterval(int Months, int Days, long Microseconds)
{
    /// <summary>The length of time, days counted as 24 hours; false when there are months, or when it is too long.</summary>
    public bool TryToTimeSpan(out TimeSpan value)
    {
        var ticks = ((Int128)Days * TimeSpan.TicksPerDay) + ((Int128)Microseconds * TimeSpan.TicksPerMicrosecond);
        var fits = Months == 0 && ticks >= long.MinValue && ticks <= long.MaxValue;
        value = fits ? new TimeSpan((long)ticks) : default;
        return fits;
    }
}
