using CdcFlow.Kafka.Client;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Simulation.Tests.Broker;

/// <summary>A client to break: right unless a member is overridden.</summary>
internal abstract class ClientShell(IKafkaCluster inner) : IKafkaCluster
{
    public KafkaTopic Topic(string name) => inner.Topic(name);

    public virtual ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken) =>
        inner.OpenProducerAsync(options, cancellationToken);

    public ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken) => inner.DescribeClusterAsync(cancellationToken);

    public ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) => inner.DescribeTopicAsync(topic, cancellationToken);

    public ValueTask CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) => inner.CreateTopicAsync(topic, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> TopicConfigAsync(string topic, CancellationToken cancellationToken) =>
        inner.TopicConfigAsync(topic, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) => inner.BrokerConfigAsync(cancellationToken);

    public virtual ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        inner.HighWatermarkAsync(topic, partition, cancellationToken);

    public ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken) =>
        inner.LastStableOffsetAsync(topic, partition, cancellationToken);

    public virtual ValueTask ReadAsync(PartitionRange range, Isolation isolation, FetchedRecordHandler handler, CancellationToken cancellationToken) =>
        inner.ReadAsync(range, isolation, handler, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Reads the marker, and then fences (Materialize#9249).</summary>
internal sealed class ReadsTheMarkerBeforeItFences(IKafkaCluster inner, InMemoryKafka kafka) : ClientShell(inner)
{
    private long? end;

    public override ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken)
    {
        if (kafka.TopicNames.Contains(TopicMirror.Markers.Topic)) // not yet by the preflight of a first start
        {
            end ??= kafka.Peek(TopicMirror.Markers, committedOnly: true) is { Count: > 0 } markers ? markers[^1].Offset + 1 : 0;
        }

        return base.OpenProducerAsync(options, cancellationToken);
    }

    public override ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        end is { } before ? ValueTask.FromResult(before) : base.HighWatermarkAsync(topic, partition, cancellationToken);
}

/// <summary>Reads the marker as far as committed records go, in a topic where others have a transaction open (Materialize#23380).</summary>
internal sealed class ReadsUpToTheLastStableOffset(IKafkaCluster inner, InMemoryKafka kafka) : ClientShell(inner)
{
    public override ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult(kafka.ListOffsets(new KafkaPartition(topic, partition)).LastStable);
}

/// <summary>Not a bug: an instance of before, under transactional ids that are no longer the pipeline's, has left a transaction open in the marker topic.</summary>
internal sealed class MeetsAStranger(IKafkaCluster inner, InMemoryKafka kafka) : ClientShell(inner)
{
    private static readonly byte[] marker = """{"version":1,"epoch":0,"holder":"of old","topics":{},"positions":{}}"""u8.ToArray();

    public override ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken)
    {
        if (kafka.TopicNames.Contains(TopicMirror.Markers.Topic) && kafka.Peek(TopicMirror.Markers, committedOnly: false).Count == 0)
        {
            var stranger = kafka.InitProducerId("stranger", TimeSpan.FromMinutes(1));
            kafka.AddPartitionsToTxn("stranger", stranger, [TopicMirror.Markers]);
            kafka.Produce("stranger", stranger, TopicMirror.Markers, 0, [new KafkaMessage("small-kafka"u8.ToArray(), marker, [], 0)]);
        }

        return base.OpenProducerAsync(options, cancellationToken);
    }
}

/// <summary>Flushes without looking at what became of each record (outboxx#110).</summary>
internal sealed class DoesNotLookAtReports(IKafkaCluster inner) : ClientShell(inner)
{
    public override async ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken)
    {
        var producer = (Kafka.Tests.Model.ModelProducer)await base.OpenProducerAsync(options, cancellationToken);
        producer.ForgetsFailures = true;
        return producer;
    }
}

/// <summary>Keeps a producer, and its epoch, over all transactions of a process (KAFKA-17754).</summary>
internal sealed class KeepsItsProducers(IKafkaCluster inner) : ClientShell(inner)
{
    private readonly Dictionary<string, IKafkaProducer> kept = [];

    public override async ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken)
    {
        if (!kept.TryGetValue(options.TransactionalId!, out var producer))
        {
            kept.Add(options.TransactionalId!, producer = await base.OpenProducerAsync(options, cancellationToken));
        }

        return producer;
    }
}
