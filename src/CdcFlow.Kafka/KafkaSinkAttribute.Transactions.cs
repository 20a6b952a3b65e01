using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka;

// What the sinks of a connection share: the transaction, its marker, and the producer.
public sealed partial class KafkaSinkAttribute
{
    /// <summary>The pipeline's own topic, in which its transactions leave their checkpoint: one partition, compacted. *Connection*.
    /// Default: <c>cdcflow.{pipeline}.{connection}</c>.</summary>
    [ConnectionSetting]
    public string? MarkerTopic { get; set; }

    /// <summary>Whether to create the marker topic when it is missing. *Connection*. Default: true.</summary>
    [ConnectionSetting]
    public bool CreateMarkerTopic { get; set; } = true;

    /// <summary>What the pipeline's transactional ids begin with. *Connection*. Default: the marker topic's default name.</summary>
    [ConnectionSetting]
    public string? TransactionalId { get; set; }

    /// <summary>How old a transaction may become before the broker aborts it, in seconds, 1 up to the broker's <c>transaction.max.timeout.ms</c>. It must be
    /// longer than the time between two checkpoints and a restart; readers wait for so long when a pipeline dies and is never restarted. *Connection*. Default: 600.</summary>
    [ConnectionSetting]
    public int TransactionTimeoutSeconds { get; set; } = 600;

    /// <summary>How batches of records are compressed. *Connection*. Default: <see cref="KafkaCompression.Lz4"/>.</summary>
    [ConnectionSetting]
    public KafkaCompression Compression { get; set; } = KafkaCompression.Lz4;

    /// <summary>How many bytes a record may have, before compression, 1,000 to 100,000,000. It should be no more than the topics' <c>max.message.bytes</c>; batches
    /// of several records have as many at most, and never more than the default. *Connection*. Default: 1,000,000.</summary>
    [ConnectionSetting]
    public int RecordBytesMax { get; set; } = ProducerOptions.RecordBytesByDefault;
}
