using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka;

/// <summary>Writes records to a topic, in one transaction per checkpoint together with the checkpoint itself: exactly once for readers of committed records.</summary>
/// <remarks>
/// Readers need <c>isolation.level=read_committed</c>, which is not every client's default. Sinks of one connection share its transaction. A row type
/// chooses keys, partitions, headers and times of its records by implementing <see cref="IKafkaRow"/>.
/// Every property may be overridden by <c>CdcFlow:{pipeline}:Sinks:{name}:{Property}</c>; those marked *connection* are read from the
/// connection's first sink. Reference: <c>docs/reference/kafka-sink.md</c>.
/// </remarks>
/// <param name="connection">The connection's name: <c>ConnectionStrings:{connection}</c>, as in <c>localhost:9092</c>; see <c>docs/reference/kafka-connection.md</c>.</param>
[SinkCapabilities(SinkKind.Transactional, NeedsReadCommitted = true, LeavesTransactions = true)]
public sealed class KafkaSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <summary>The topic. <c>{source}</c>, <c>{schema}</c> and <c>{table}</c> stand for where a change comes from. Default: <c>{schema}.{table}</c>.</summary>
    public string Topic { get; set; } = "{schema}.{table}";

    /// <summary>The shape of keys and values. Default: <see cref="RecordFormat.DebeziumJson"/>.</summary>
    public RecordFormat Format { get; set; } = RecordFormat.DebeziumJson;

    /// <summary>How fields are named whose column has no explicit name. Default: <see cref="FieldNaming.SnakeCase"/>.</summary>
    public FieldNaming Naming { get; set; } = FieldNaming.SnakeCase;

    /// <summary>Debezium's logical server name. Default: the source's connection name.</summary>
    public string? ServerName { get; set; }

    /// <summary>Whether every key and value carries its Connect schema. Default: false.</summary>
    public bool Schemas { get; set; }

    /// <summary>Whose envelope <see cref="RecordFormat.DebeziumJson"/> writes. Default: <see cref="DebeziumShape.Debezium3"/>.</summary>
    public DebeziumShape Shape { get; set; } = DebeziumShape.Debezium3;

    /// <summary>Debezium's <c>decimal.handling.mode</c>. Default: <see cref="DecimalMode.Precise"/>.</summary>
    public DecimalMode Decimals { get; set; } = DecimalMode.Precise;

    /// <summary>What a numeric NaN or infinity becomes under <see cref="DecimalMode.Precise"/>. Default: <see cref="NotFiniteMode.Refuse"/>.</summary>
    public NotFiniteMode NotFinite { get; set; } = NotFiniteMode.Refuse;

    /// <summary>Debezium's <c>time.precision.mode</c>. Default: <see cref="TemporalMode.Adaptive"/>.</summary>
    public TemporalMode Times { get; set; } = TemporalMode.Adaptive;

    /// <summary>Debezium's <c>interval.handling.mode</c>. Default: <see cref="IntervalMode.Numeric"/>.</summary>
    public IntervalMode Intervals { get; set; } = IntervalMode.Numeric;

    /// <summary>Debezium's <c>binary.handling.mode</c>. Default: <see cref="BinaryMode.Bytes"/>.</summary>
    public BinaryMode Binaries { get; set; } = BinaryMode.Bytes;

    /// <summary>Debezium's <c>provide.transaction.metadata</c>, for each change's <c>transaction</c>; there is no topic of transactions. Default: false.</summary>
    public bool TransactionMetadata { get; set; }

    /// <summary>What stands for a column that the log did not carry because it did not change. Default: <see cref="UnchangedMode.Placeholder"/>.</summary>
    public UnchangedMode Unchanged { get; set; } = UnchangedMode.Placeholder;

    /// <summary>The schema registry's name: <c>ConnectionStrings:{SchemaRegistry}</c>, as in <c>https://registry:8081</c>. The schemas of keys and values are
    /// found or registered there before anything is written, and each begins with its schema's id. Default: none.</summary>
    public string? SchemaRegistry { get; set; }

    /// <summary>Whether to register schemas that the registry does not have; otherwise their absence stops the pipeline. Default: true.</summary>
    public bool AutoRegisterSchemas { get; set; } = true;

    /// <summary>How subjects of the schema registry are named. Default: <see cref="SubjectNameStrategy.TopicName"/>.</summary>
    public SubjectNameStrategy SubjectNameStrategy { get; set; } = SubjectNameStrategy.TopicName;

    /// <summary>Whether a record without a value follows each delete, so that compaction removes the key. Keyless rows have none. Default: true.</summary>
    public bool Tombstones { get; set; } = true;

    /// <summary>What a truncate of the source's table becomes. Default: <see cref="TruncateMode.EveryPartition"/>.</summary>
    public TruncateMode Truncates { get; set; } = TruncateMode.EveryPartition;

    /// <summary>Where changes go that cannot be encoded, are too large, or have no key or a time that their topic refuses, in the same transaction; may have placeholders as <see cref="Topic"/>.
    /// Default: none, and such a change stops the pipeline.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>Where values go that are too large for their topic: <c>ConnectionStrings:{ClaimCheck}</c> is the absolute path of a folder, which readers reach as well.
    /// The record keeps its key, has an empty value and the headers <c>cdc-claim</c> (the value's SHA-256, its file's name) and <c>cdc-claim-bytes</c>.
    /// Default: none, and such a change is too large.</summary>
    public string? ClaimCheck { get; set; }

    /// <summary>The properties whose texts may be cut where a record is too large for its topic, separated by commas, as in <c>"Body,Notes"</c>: text columns that are not of the key.
    /// They are cut to one length, at a character's end, so that the record fits; its header <c>cdc-truncated</c> is a JSON object of each field that was cut and its former length
    /// in bytes of UTF-8, and <c>cdc-truncated-before</c> the same of the row as it was. Where that is not enough, <see cref="ClaimCheck"/> and <see cref="DeadLetterTopic"/> follow.
    /// Default: none.</summary>
    public string? TruncateColumns { get; set; }

    /// <summary>How many dead letters one checkpoint may have, 1 to 1,000,000; one more stops the pipeline. *Connection*. Default: 100.</summary>
    [ConnectionSetting]
    public int DeadLettersMax { get; set; } = 100;

    /// <summary>Whether to create topics that are missing. An existing one is never altered. Default: false.</summary>
    public bool CreateTopic { get; set; }

    /// <summary>Partitions of topics that are created; -1: the broker's default, which is the default.</summary>
    public int Partitions { get; set; } = -1;

    /// <summary>Replicas of topics that are created; -1: the broker's default, which is the default. One or two says that fewer than three are meant, and no
    /// check warns of them.</summary>
    public int ReplicationFactor { get; set; } = -1;

    /// <summary>Settings of topics that are created, as in <c>cleanup.policy=compact;retention.ms=-1</c>. Default: none.</summary>
    public string? TopicConfig { get; set; }

    /// <summary>Whether to go on when a topic has other partitions than before, or was deleted and made anew. *Connection*. Default: false.</summary>
    [ConnectionSetting]
    public bool AllowTopicChange { get; set; }

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

    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context)
    {
        var cluster = KafkaCluster.Of(context);
        return new KafkaSinkConnection(context, KafkaConnectionOptions.Resolve(this, context), cluster, $"{Environment.MachineName}, process {Environment.ProcessId}")
        {
            KeyFiles = cluster.KeyFiles,
        };
    }
}
