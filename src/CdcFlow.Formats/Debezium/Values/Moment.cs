namespace CdcFlow.Formats.Debezium.Values;

/// <summary>A date and a time of day, without a zone: beyond the years of <see cref="DateTime"/> too, and the two infinities.</summary>
/// <param name="Days">Days since 1970-01-01, in the proleptic Gregorian calendar.</param>
/// <param name="Ticks">Ticks of 100 ns since midnight, up to 24:00:00 itself.</param>
internal readonly record struct Moment(long Days, long Ticks)
{
    private const long EpochDays = 719162; // days from 0001-01-01 to 1970-01-01

    /// <summary>After everything.</summary>
    public static Moment Infinity { get; } = new(long.MaxValue, 0);

    /// <summary>Before everything.</summary>
    public static Moment MinusInfinity { get; } = new(long.MinValue, 0);

    public bool IsInfinite => Days is long.MaxValue or long.MinValue;

    public static Moment Of(DateTime value) => new((value.Ticks / TimeSpan.TicksPerDay) - EpochDays, value.Ticks % TimeSpan.TicksPerDay);

    public static Moment Of(DateOnly value) => new(value.DayNumber - EpochDays, 0);

    /// <summary>Milliseconds since 1970; digits beyond are cut off downward.</summary>
    public long Milliseconds => (Days * 86_400_000) + (Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>Microseconds since 1970; digits beyond are cut off downward.</summary>
    /// <exception cref="CdcFlowException">CDCF2104: it is beyond the year 294247, where 64 bits end.</exception>
    public long Microseconds
    {
        get
        {
            var microseconds = (Days * (Int128)86_400_000_000) + (Ticks / TimeSpan.TicksPerMicrosecond);
            return microseconds == (long)microseconds
                ? (long)microseconds
                : throw FormatErrors.NotHeld(
                    "a timestamp beyond the year 294247 in microseconds",
                    "Set Times = IsoString (a text) or Times = Connect (milliseconds) in the format's settings, or filter the row out.");
        }
    }
}
