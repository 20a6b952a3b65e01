using CdcFlow.Configuration;
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
public sealed partial class KafkaSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <summary>The topic. <c>{source}</c>, <c>{schema}</c> and <c>{table}</c> stand for where a change comes from. Default: <c>{schema}.{table}</c>.</summary>
    public string Topic { get; set; } = "{schema}.{table}";

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
