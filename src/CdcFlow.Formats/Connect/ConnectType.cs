namespace CdcFlow.Formats.Connect;

/// <summary>The types of a Kafka Connect schema.</summary>
public enum ConnectType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A 16-bit integer.</summary>
    Int16,

    /// <summary>A 32-bit integer.</summary>
    Int32,

    /// <summary>A 64-bit integer.</summary>
    Int64,

    /// <summary>A single-precision number.</summary>
    Float32,

    /// <summary>A double-precision number.</summary>
    Float64,

    /// <summary>Text.</summary>
    String,

    /// <summary>Bytes; base64 in JSON.</summary>
    Bytes,

    /// <summary>Items of one schema.</summary>
    Array,

    /// <summary>Named fields.</summary>
    Struct,
}
