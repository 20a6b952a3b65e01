using CdcFlow.Formats;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;

namespace CdcFlow.Kafka;

// What a record says.
public sealed partial class KafkaSinkAttribute
{
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
}
