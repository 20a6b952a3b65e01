namespace CdcFlow.Formats.Debezium;

/// <summary>How intervals are written.</summary>
public enum IntervalMode
{
    /// <summary>Microseconds, a month counting 365.25 / 12 days.</summary>
    Numeric,

    /// <summary>ISO 8601: <c>P1Y2M3DT4H5M6.789S</c>.</summary>
    String,
}
