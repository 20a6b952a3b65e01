namespace CdcFlow.Formats.Debezium;

/// <summary>How dates and times without a zone are written.</summary>
public enum TemporalMode
{
    /// <summary>Numbers whose unit follows the column's precision: days, milliseconds up to three digits of a second, microseconds beyond.</summary>
    Adaptive,

    /// <summary>Microseconds for every time of day, otherwise as <see cref="Adaptive"/>.</summary>
    AdaptiveTimeMicroseconds,

    /// <summary>Milliseconds for times and timestamps, as Kafka Connect's own logical types.</summary>
    Connect,

    /// <summary>ISO 8601 texts, with <c>Z</c>.</summary>
    IsoString,
}
