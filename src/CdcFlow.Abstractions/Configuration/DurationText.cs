using System.Globalization;
using System.Text.RegularExpressions;

namespace CdcFlow.Configuration;

/// <summary>A length of time as people write it: <c>00:00:10</c>, <c>1.00:00:00</c>, <c>10s</c>, <c>1.5 h</c>. Never a bare number but zero: <c>10</c> would be ten
/// days to .NET and ten seconds to whoever wrote it; nor <c>10:00</c>, which is ten hours to the one and ten minutes to the other.</summary>
internal static partial class DurationText
{
    /// <summary>Reads it; null when it is none, is below zero, or does not fit.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Trim() == "0")
        {
            return TimeSpan.Zero;
        }

        if (Clock().IsMatch(text))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
        }

        return WithUnit().Match(text) is { Success: true } match
            && decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && TicksOf(match.Groups["unit"].Value) is var unit && number <= (decimal)TimeSpan.MaxValue.Ticks / unit
            ? TimeSpan.FromTicks((long)(number * unit))
            : null;
    }

    private static long TicksOf(string unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "min" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    [GeneratedRegex(@"^\s*([0-9]+\.)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,15}(\.[0-9]{1,7})?)\s*(?<unit>ms|s|min|h|d)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex WithUnit();
}
