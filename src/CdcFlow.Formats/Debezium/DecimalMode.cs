namespace CdcFlow.Formats.Debezium;

/// <summary>How decimal numbers are written.</summary>
public enum DecimalMode
{
    /// <summary>The unscaled number's bytes, big-endian, in base64; with its scale beside it where the column has no fixed one.</summary>
    Precise,

    /// <summary>A JSON number, rounded to double precision.</summary>
    Double,

    /// <summary>A text with all digits.</summary>
    String,
}
