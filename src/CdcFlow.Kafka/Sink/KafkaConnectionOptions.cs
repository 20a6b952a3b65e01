using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink;

/// <summary>The settings that all sinks of a connection share.</summary>
internal sealed record KafkaConnectionOptions(
    string MarkerTopic, bool CreateMarkerTopic, string TransactionalId, TimeSpan TransactionTimeout, bool AllowTopicChange, int DeadLettersMax,
    KafkaCompression Compression, int RecordBytesMax)
{
    private const int DeadLettersLimit = 1_000_000;

    // Brokers read no larger request, unless their socket.request.max.bytes is raised.
    private const int RecordBytesLimit = 100_000_000;

    /// <summary>The settings by their properties' names.</summary>
    public IReadOnlyDictionary<string, string> Named => new Dictionary<string, string>
    {
        [nameof(MarkerTopic)] = MarkerTopic,
        [nameof(CreateMarkerTopic)] = CreateMarkerTopic.ToString(),
        [nameof(TransactionalId)] = TransactionalId,
        [nameof(KafkaSinkAttribute.TransactionTimeoutSeconds)] = TransactionTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        [nameof(AllowTopicChange)] = AllowTopicChange.ToString(),
        [nameof(DeadLettersMax)] = DeadLettersMax.ToString(CultureInfo.InvariantCulture),
        [nameof(Compression)] = Compression.ToString(),
        [nameof(RecordBytesMax)] = RecordBytesMax.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What a connection has whose first sink has this attribute.</summary>
    public static KafkaConnectionOptions Resolve(KafkaSinkAttribute attribute, ConnectorContext context) => Resolve(attribute, context, context.Settings);

    /// <summary>As <see cref="Resolve(KafkaSinkAttribute, ConnectorContext)"/>, of a sink with settings of its own.</summary>
    public static KafkaConnectionOptions Resolve(KafkaSinkAttribute attribute, ConnectorContext context, ConnectorSettings settings)
    {
        var name = $"cdcflow.{context.Pipeline}.{context.Connection}";
        return new KafkaConnectionOptions(
            Topics.TopicTemplate.Checked(settings.GetString(nameof(KafkaSinkAttribute.MarkerTopic), attribute.MarkerTopic) ?? name),
            settings.GetBoolean(nameof(KafkaSinkAttribute.CreateMarkerTopic), attribute.CreateMarkerTopic),
            settings.GetString(nameof(KafkaSinkAttribute.TransactionalId), attribute.TransactionalId) ?? name,
            TimeSpan.FromSeconds(settings.GetInt32(nameof(KafkaSinkAttribute.TransactionTimeoutSeconds), attribute.TransactionTimeoutSeconds, min: 1, max: int.MaxValue / 1000)),
            settings.GetBoolean(nameof(KafkaSinkAttribute.AllowTopicChange), attribute.AllowTopicChange),
            settings.GetInt32(nameof(KafkaSinkAttribute.DeadLettersMax), attribute.DeadLettersMax, min: 1, max: DeadLettersLimit),
            settings.GetEnum(nameof(KafkaSinkAttribute.Compression), attribute.Compression),
            settings.GetInt32(nameof(KafkaSinkAttribute.RecordBytesMax), attribute.RecordBytesMax, min: 1_000, max: RecordBytesLimit));
    }

    /// <summary>What a producer of the connection is opened with.</summary>
    /// <param name="transactionalId">Its transactional id; null for one that writes outside transactions.</param>
    public ProducerOptions Producer(string? transactionalId) =>
        new(transactionalId, TransactionTimeout) { Compression = Compression, RecordBytes = RecordBytesMax };
}
