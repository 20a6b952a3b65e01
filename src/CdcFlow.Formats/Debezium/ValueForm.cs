namespace CdcFlow.Formats.Debezium;

/// <summary>How a column's values are written: what its schema says, for whatever C# type they come in.</summary>
internal enum ValueForm : byte
{
    /// <summary>A text; of a value that is none, its own text.</summary>
    Text,
    Boolean,
    Integer,
    Float,
    Double,

    /// <summary>The unscaled number's bytes, at the column's scale.</summary>
    Decimal,

    /// <summary>The unscaled number's bytes and its scale.</summary>
    VariableScaleDecimal,

    /// <summary>A decimal rounded to double precision.</summary>
    DecimalDouble,

    /// <summary>An amount of money, as <see cref="Decimal"/>: a text of it is money's, with the signs and groups of a locale.</summary>
    MoneyDecimal,

    /// <summary>An amount of money, as <see cref="DecimalDouble"/>.</summary>
    MoneyDouble,

    /// <summary>An amount of money, as the text of a decimal number.</summary>
    MoneyText,

    Bytes,
    Base64UrlSafe,
    Hex,

    /// <summary>The bits of a bit string, the last one first.</summary>
    Bits,

    /// <summary>Days since 1970.</summary>
    Days,
    IsoDate,

    /// <summary>Milliseconds since midnight.</summary>
    MillisOfDay,
    MicrosOfDay,
    IsoTime,

    /// <summary>A time of day with a zone, in UTC.</summary>
    ZonedTime,

    /// <summary>Milliseconds since 1970.</summary>
    MillisTimestamp,
    MicrosTimestamp,
    IsoTimestamp,

    /// <summary>An instant, in UTC.</summary>
    ZonedTimestamp,

    MicroDuration,
    IsoInterval,
    Point,

    /// <summary>The pairs of an hstore as a JSON object in a text.</summary>
    HstoreJson,
}
