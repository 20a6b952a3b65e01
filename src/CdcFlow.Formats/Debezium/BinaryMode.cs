namespace CdcFlow.Formats.Debezium;

/// <summary>How bytes are written. In JSON, <see cref="Bytes"/> and <see cref="Base64"/> look alike and differ in the schema.</summary>
public enum BinaryMode
{
    /// <summary>The schema says bytes; JSON has them in base64.</summary>
    Bytes,

    /// <summary>A text in base64.</summary>
    Base64,

    /// <summary>A text in base64 whose letters are safe in URLs.</summary>
    Base64UrlSafe,

    /// <summary>A text in lower-case hexadecimal.</summary>
    Hex,
}
