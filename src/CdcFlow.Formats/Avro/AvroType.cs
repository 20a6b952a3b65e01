namespace CdcFlow.Formats.Avro;

/// <summary>The types of Avro that are used here.</summary>
internal enum AvroType
{
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Array,
    Record,
}
