using System.Diagnostics;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Times of day.</summary>
internal static class TimeValue
{
    /// <summary>Appends a time of day.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="form">One of the times of day.</param>
    /// <param name="ticks">Since midnight.</param>
    /// <param name="zone">Ticks east of Greenwich; used by <see cref="ValueForm.ZonedTime"/> only.</param>
    /// <exception cref="CdcFlowException">CDCF2104: it is no time of a day.</exception>
    public static void Append(ByteBuffer output, ValueForm form, long ticks, long zone = 0)
    {
        if (ticks is < 0 or > TimeSpan.TicksPerDay)
        {
            throw FormatErrors.NotHeld(
                "a time of day below zero or beyond 24:00:00", """Write [Column(TypeName = "interval")] where it is a length of time, or fix the transform that makes it.""");
        }

        switch (form)
        {
            case ValueForm.MillisOfDay: output.AppendText(ticks / TimeSpan.TicksPerMillisecond); break;
            case ValueForm.MicrosOfDay: output.AppendText(ticks / TimeSpan.TicksPerMicrosecond); break;
            case ValueForm.IsoTime: AppendIso(output, ticks); break;
            case ValueForm.ZonedTime: AppendIso(output, OfDay(ticks - zone)); break;
            default: throw new UnreachableException();
        }
    }

    // A time with a zone has no date, so one before midnight in UTC is late in the same day.
    private static long OfDay(long ticks) => ((ticks % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay;

    private static void AppendIso(ByteBuffer output, long ticks)
    {
        output.Append((byte)'"');
        IsoText.AppendTime(output, ticks);
        output.Append("Z\""u8);
    }
}
