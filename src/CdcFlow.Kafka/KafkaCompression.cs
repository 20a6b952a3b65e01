namespace CdcFlow.Kafka;

/// <summary>How batches of records are compressed on their way and in the log, unless the topic's <c>compression.type</c> says otherwise there.</summary>
public enum KafkaCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Small, at much processor time.</summary>
    Gzip,

    /// <summary>Fast.</summary>
    Snappy,

    /// <summary>Fast, and part of every librdkafka.</summary>
    Lz4,

    /// <summary>Smaller than the fast ones. Not every librdkafka has it: where it is missing, the pipeline stops with CDCF5216.</summary>
    Zstd,
}
