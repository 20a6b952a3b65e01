using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>Dates, times and intervals, by Debezium's <c>time.precision.mode</c> and <c>interval.handling.mode</c>.</summary>
internal static class TemporalTypes
{
    private const int MostMillisecondDigits = 3;

    public static DebeziumType? Find(ServerType type, DebeziumOptions options) => type.Name switch
    {
        "date" => Date(options.Times),
        "time" or "time without time zone" => Time(type, options.Times),
        "timetz" or "time with time zone" => new(ConnectType.String, ValueForm.ZonedTime, "io.debezium.time.ZonedTime"),
        "timestamp" or "timestamp without time zone" or "datetime" => Timestamp(type, options.Times),
        "timestamptz" or "timestamp with time zone" => new(ConnectType.String, ValueForm.ZonedTimestamp, "io.debezium.time.ZonedTimestamp"),
        "interval" when options.Intervals == IntervalMode.String => new(ConnectType.String, ValueForm.IsoInterval, "io.debezium.time.Interval"),
        "interval" => new(ConnectType.Int64, ValueForm.MicroDuration, "io.debezium.time.MicroDuration"),
        _ => null,
    };

    private static DebeziumType Date(TemporalMode mode) => mode switch
    {
        TemporalMode.IsoString => new(ConnectType.String, ValueForm.IsoDate, "io.debezium.time.IsoDate"),
        TemporalMode.Connect => new(ConnectType.Int32, ValueForm.Days, "org.apache.kafka.connect.data.Date"),
        _ => new(ConnectType.Int32, ValueForm.Days, "io.debezium.time.Date"),
    };

    private static DebeziumType Time(ServerType type, TemporalMode mode) => mode switch
    {
        TemporalMode.IsoString => new(ConnectType.String, ValueForm.IsoTime, "io.debezium.time.IsoTime"),
        TemporalMode.Connect => new(ConnectType.Int32, ValueForm.MillisOfDay, "org.apache.kafka.connect.data.Time"),
        TemporalMode.Adaptive when type.Number(0) <= MostMillisecondDigits => new(ConnectType.Int32, ValueForm.MillisOfDay, "io.debezium.time.Time"),
        _ => new(ConnectType.Int64, ValueForm.MicrosOfDay, "io.debezium.time.MicroTime"),
    };

    private static DebeziumType Timestamp(ServerType type, TemporalMode mode) => mode switch
    {
        TemporalMode.IsoString => new(ConnectType.String, ValueForm.IsoTimestamp, "io.debezium.time.IsoTimestamp"),
        TemporalMode.Connect => new(ConnectType.Int64, ValueForm.MillisTimestamp, "org.apache.kafka.connect.data.Timestamp"),
        _ when type.Number(0) <= MostMillisecondDigits => new(ConnectType.Int64, ValueForm.MillisTimestamp, "io.debezium.time.Timestamp"),
        _ => new(ConnectType.Int64, ValueForm.MicrosTimestamp, "io.debezium.time.MicroTimestamp"),
    };
}
