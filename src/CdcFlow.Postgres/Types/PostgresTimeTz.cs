using System.Globalization;

namespace CdcFlow.Postgres;

/// <summary>A value of <c>time with time zone</c>: a time of day and the zone it was written in.</summary>
/// <param name="Time">Since midnight, up to 24:00:00 itself.</param>
/// <param name="Offset">East of Greenwich, to the second.</param>
public readonly record struct PostgresTimeTz(TimeSpan Time, TimeSpan Offset) : IFormattable
{
    /// <summary>The server's own text.</summary>
    public override string ToString()
    {
        var format = Time.Ticks % TimeSpan.TicksPerSecond == 0 ? @"mm\:ss" : @"mm\:ss\.ffffff";
        var clock = $"{(int)Time.TotalHours:00}:{Time.ToString(format, CultureInfo.InvariantCulture)}";
        var zone = Offset.Seconds != 0 ? @"hh\:mm\:ss" : Offset.Minutes != 0 ? @"hh\:mm" : "hh";
        return $"{(clock.Contains('.', StringComparison.Ordinal) ? clock.TrimEnd('0') : clock)}{(Offset < TimeSpan.Zero ? '-' : '+')}{Offset.ToString(zone, CultureInfo.InvariantCulture)}";
    }

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
