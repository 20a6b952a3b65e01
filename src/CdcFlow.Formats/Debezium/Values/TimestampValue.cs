using System.Diagnostics;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Timestamps, with and without a zone.</summary>
internal static class TimestampValue
{
    // What Debezium documents for PostgreSQL's infinite timestamps, in microseconds.
    private const long InfinityMicroseconds = 9223372036825200000;
    private const long MinusInfinityMicroseconds = -9223372036832400000;

    public static void Append(ByteBuffer output, ValueForm form, Moment value)
    {
        switch (form)
        {
            case ValueForm.MillisTimestamp: output.AppendText(value.IsInfinite ? Infinite(value) / 1000 : value.Milliseconds); break;
            case ValueForm.MicrosTimestamp: output.AppendText(value.IsInfinite ? Infinite(value) : value.Microseconds); break;
            case ValueForm.IsoTimestamp or ValueForm.ZonedTimestamp when value.IsInfinite: AppendInfinite(output, form, value); break;
            case ValueForm.IsoTimestamp or ValueForm.ZonedTimestamp: AppendIso(output, value); break;
            default: throw new UnreachableException();
        }
    }

    private static long Infinite(Moment value) => value.Days > 0 ? InfinityMicroseconds : MinusInfinityMicroseconds;

    // Debezium names an infinite instant, but spells out its number for a timestamp without a zone.
    private static void AppendInfinite(ByteBuffer output, ValueForm form, Moment value) => output.Append(
        (form, value.Days > 0) switch
        {
            (ValueForm.ZonedTimestamp, true) => "\"infinity\""u8,
            (ValueForm.ZonedTimestamp, false) => "\"-infinity\""u8,
            (_, true) => "\"+294247-01-10T04:00:25.2Z\""u8,
            (_, false) => "\"-290308-12-21T19:59:27.6Z\""u8,
        });

    private static void AppendIso(ByteBuffer output, Moment value)
    {
        output.Append((byte)'"');
        IsoText.AppendDate(output, value.Days);
        output.Append((byte)'T');
        IsoText.AppendTime(output, value.Ticks);
        output.Append("Z\""u8);
    }
}
