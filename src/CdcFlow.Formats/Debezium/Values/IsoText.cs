using System.Globalization;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Dates and times as Java's ISO formats print them: seconds always, digits of a second as far as they are not zero.</summary>
internal static class IsoText
{
    public static void AppendDate(ByteBuffer output, long days)
    {
        var (year, month, day) = CivilDate.Of(days);
        if (year > 9999)
        {
            output.Append((byte)'+');
        }
        else if (year < 0)
        {
            output.Append((byte)'-');
        }

        AppendDigits(output, Math.Abs(year), 4);
        output.Append((byte)'-');
        AppendDigits(output, month, 2);
        output.Append((byte)'-');
        AppendDigits(output, day, 2);
    }

    public static void AppendTime(ByteBuffer output, long ticks)
    {
        AppendDigits(output, ticks / TimeSpan.TicksPerHour, 2);
        output.Append((byte)':');
        AppendDigits(output, ticks / TimeSpan.TicksPerMinute % 60, 2);
        output.Append((byte)':');
        AppendDigits(output, ticks / TimeSpan.TicksPerSecond % 60, 2);
        AppendFraction(output, ticks % TimeSpan.TicksPerSecond);
    }

    /// <summary><c>.5</c> for half a second; nothing for none.</summary>
    public static void AppendFraction(ByteBuffer output, long ticks)
    {
        if (ticks > 0)
        {
            output.Append((byte)'.');
            AppendDigits(output, ticks, 7);
            output.Truncate(output.Written.TrimEnd((byte)'0').Length);
        }
    }

    private static void AppendDigits(ByteBuffer output, long value, int width)
    {
        Span<char> format = ['D', (char)('0' + width)];
        value.TryFormat(output.GetSpan(20), out var written, format, CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
