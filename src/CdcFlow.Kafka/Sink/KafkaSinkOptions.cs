using CdcFlow.Configuration;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Kafka.Sink.Topics;

namespace CdcFlow.Kafka.Sink;

/// <summary>One sink's settings: its attribute with the configuration laid over it.</summary>
internal sealed record KafkaSinkOptions(
    string Name, TopicTemplate Topic, TopicTemplate? DeadLetterTopic, TopicDefinition Definition, RecordOptions Records, SchemaOptions? Schemas, bool Tombstones, TruncateMode Truncates,
    ClaimStore? ClaimCheck = null, string? TruncateColumns = null)
{
    private const int PartitionsMax = 10_000;

    /// <summary>The settings that decide what its records say, and which topic they are in.</summary>
    public IReadOnlyDictionary<string, string> Content => new Dictionary<string, string>
    {
        [nameof(Topic)] = Topic.ToString(),
        [nameof(Records.Format)] = Records.Format.ToString(),
        [nameof(Records.Naming)] = Records.Naming.ToString(),
        [nameof(Records.ServerName)] = Records.ServerName ?? "",
        [nameof(Records.Debezium.Schemas)] = Records.Debezium.Schemas.ToString(),
        [nameof(Records.Debezium.Shape)] = Records.Debezium.Shape.ToString(),
        [nameof(Records.Debezium.Decimals)] = Records.Debezium.Decimals.ToString(),
        [nameof(Records.Debezium.NotFinite)] = Records.Debezium.NotFinite.ToString(),
        [nameof(Records.Debezium.Times)] = Records.Debezium.Times.ToString(),
        [nameof(Records.Debezium.Intervals)] = Records.Debezium.Intervals.ToString(),
        [nameof(Records.Debezium.Binaries)] = Records.Debezium.Binaries.ToString(),
        [nameof(Records.Debezium.TransactionMetadata)] = Records.Debezium.TransactionMetadata.ToString(),
        [nameof(Records.Debezium.Unchanged)] = Records.Debezium.Unchanged.ToString(),
        [nameof(KafkaSinkAttribute.SchemaRegistry)] = Schemas?.Registry ?? "",
        [nameof(Tombstones)] = Tombstones.ToString(),
        [nameof(Truncates)] = Truncates.ToString(),
        [nameof(TruncateColumns)] = TruncateColumns ?? "",
    };

    public static KafkaSinkOptions Resolve(KafkaSinkAttribute attribute, string name, ConnectorContext context, ConnectorSettings settings) => new(
        name,
        TopicTemplate.Parse(settings.GetString(nameof(KafkaSinkAttribute.Topic), attribute.Topic)!),
        settings.GetString(nameof(KafkaSinkAttribute.DeadLetterTopic), attribute.DeadLetterTopic) is { Length: > 0 } letters ? TopicTemplate.Parse(letters) : null,
        new TopicDefinition(
            settings.GetBoolean(nameof(KafkaSinkAttribute.CreateTopic), attribute.CreateTopic),
            settings.GetInt32(nameof(KafkaSinkAttribute.Partitions), attribute.Partitions, min: -1, max: PartitionsMax),
            settings.GetInt32(nameof(KafkaSinkAttribute.ReplicationFactor), attribute.ReplicationFactor, min: -1, max: short.MaxValue),
            TopicDefinition.ParseConfig(settings.GetString(nameof(KafkaSinkAttribute.TopicConfig), attribute.TopicConfig))),
        RecordsOf(attribute, context, settings),
        SchemaOptions.Resolve(attribute, name, settings),
        settings.GetBoolean(nameof(KafkaSinkAttribute.Tombstones), attribute.Tombstones),
        settings.GetEnum(nameof(KafkaSinkAttribute.Truncates), attribute.Truncates),
        ClaimsOf(settings.GetString(nameof(KafkaSinkAttribute.ClaimCheck), attribute.ClaimCheck), name, context),
        settings.GetString(nameof(KafkaSinkAttribute.TruncateColumns), attribute.TruncateColumns) is { Length: > 0 } columns ? columns : null);

    private static ClaimStore? ClaimsOf(string? connection, string sink, ConnectorContext context) =>
        string.IsNullOrEmpty(connection) ? null
        : context.OtherConnectionString(connection) is { Length: > 0 } folder && Path.IsPathFullyQualified(folder) ? new ClaimStore(folder, context.Files)
        : throw KafkaSinkErrors.NoClaimFolder(sink, connection);

    private static RecordOptions RecordsOf(KafkaSinkAttribute attribute, ConnectorContext context, ConnectorSettings settings) => new()
    {
        Format = settings.GetEnum(nameof(KafkaSinkAttribute.Format), attribute.Format),
        Naming = settings.GetEnum(nameof(KafkaSinkAttribute.Naming), attribute.Naming),
        ServerName = settings.GetString(nameof(KafkaSinkAttribute.ServerName), attribute.ServerName),
        Pipeline = context.Pipeline,
        Clock = context.Time,
        Debezium = new DebeziumOptions
        {
            Schemas = settings.GetBoolean(nameof(KafkaSinkAttribute.Schemas), attribute.Schemas),
            Shape = settings.GetEnum(nameof(KafkaSinkAttribute.Shape), attribute.Shape),
            Decimals = settings.GetEnum(nameof(KafkaSinkAttribute.Decimals), attribute.Decimals),
            NotFinite = settings.GetEnum(nameof(KafkaSinkAttribute.NotFinite), attribute.NotFinite),
            Times = settings.GetEnum(nameof(KafkaSinkAttribute.Times), attribute.Times),
            Intervals = settings.GetEnum(nameof(KafkaSinkAttribute.Intervals), attribute.Intervals),
            Binaries = settings.GetEnum(nameof(KafkaSinkAttribute.Binaries), attribute.Binaries),
            TransactionMetadata = settings.GetBoolean(nameof(KafkaSinkAttribute.TransactionMetadata), attribute.TransactionMetadata),
            Unchanged = settings.GetEnum(nameof(KafkaSinkAttribute.Unchanged), attribute.Unchanged),
        },
    };
}
