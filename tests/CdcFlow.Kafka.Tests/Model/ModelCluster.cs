using System.Globalization;
using CdcFlow.Kafka.Client;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Model;

/// <summary>The sink's view of the Kafka model: a client that batches, retries and waits as librdkafka does.</summary>
/// <param name="kafka">The brokers.</param>
/// <param name="time">The client's clock.</param>
/// <param name="step">Called before each request and before each answer: others may run there, or the process may die. Null: nothing happens there.</param>
internal sealed class ModelCluster(InMemoryKafka kafka, TimeProvider time, Func<string, ValueTask>? step = null) : IKafkaCluster
{
    public const int TriesByDefault = 20;

    private static readonly TimeSpan pollInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, KafkaTopic> topics = new(StringComparer.Ordinal);

    /// <summary>How often a request that was not answered, or that the brokers were not ready for, is made again; while a transaction is being completed, always.</summary>
    public int Tries { get; init; } = TriesByDefault;

    public KafkaTopic Topic(string name)
    {
        if (!topics.TryGetValue(name, out var topic))
        {
            topics.Add(name, topic = new KafkaTopic(name, topics.Count));
        }

        return topic;
    }

    public async ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken)
    {
        var identity = await RetryAsync("init producer", () => kafka.InitProducerId(options.TransactionalId, options.TransactionTimeout), cancellationToken);
        return new ModelProducer(this, kafka, options, identity);
    }

    public async ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken)
    {
        await StepAsync("describe cluster");
        return new ClusterDescription("in memory", Brokers: 1, Allowed: null);
    }

    public async ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) =>
        await RetryAsync("describe topic", () => kafka.DescribeTopic(topic), cancellationToken) is { } found
            ? new TopicDescription(topic, IdOf(found), found.Partitions, ReplicationFactor: 1, InSync: 1, Allowed: null)
            : null;

    public async ValueTask CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) => await RetryAsync("create topic", () =>
    {
        kafka.CreateTopic(topic.Name, Math.Max(topic.Partitions, 1), topic.Config);
        return true;
    }, cancellationToken);

    public async ValueTask<IReadOnlyDictionary<string, string>> TopicConfigAsync(string topic, CancellationToken cancellationToken)
    {
        var config = new Dictionary<string, string> { ["max.message.bytes"] = "1048588", ["min.insync.replicas"] = "1" };
        foreach (var (name, value) in await RetryAsync("topic config", () => kafka.DescribeTopic(topic)?.Config ?? new Dictionary<string, string>(), cancellationToken))
        {
            config[name] = value;
        }

        return config;
    }

    public ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["transaction.max.timeout.ms"] = "900000" });

    public async ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        await RetryAsync("high watermark", () => kafka.ListOffsets(new KafkaPartition(topic, partition)).HighWatermark, cancellationToken);

    public async ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken) =>
        await RetryAsync("last stable offset", () => kafka.ListOffsets(new KafkaPartition(topic, partition)).LastStable, cancellationToken);

    public async ValueTask ReadAsync(PartitionRange range, Isolation isolation, FetchedRecordHandler handler, CancellationToken cancellationToken)
    {
        var partition = new KafkaPartition(range.Topic, range.Partition);
        var committedOnly = isolation == Isolation.ReadCommitted;
        while (true)
        {
            var offsets = await RetryAsync("offsets", () => kafka.ListOffsets(partition), cancellationToken);
            if (!committedOnly || offsets.LastStable >= range.To)
            {
                break;
            }

            await Task.Delay(pollInterval, time, cancellationToken);
        }

        var start = (await RetryAsync("offsets", () => kafka.ListOffsets(partition), cancellationToken)).LogStart;
        var records = await RetryAsync("fetch", () => kafka.Fetch(partition, Math.Max(range.From, start), range.To, committedOnly), cancellationToken);
        foreach (var record in records)
        {
            handler(new FetchedRecord
            {
                Offset = record.Offset,
                TimestampMs = record.Message.TimestampMs,
                Key = record.Message.Key,
                HasKey = record.Message.Key is not null,
                Value = record.Message.Value,
                IsTombstone = record.Message.Value is null,
                Headers = [.. record.Message.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
            });
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes a request until it is answered with more than "ask again".</summary>
    internal async ValueTask<TResult> RetryAsync<TResult>(string name, Func<TResult> request, CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await StepAsync(name);
            try
            {
                var result = request();
                await StepAsync($"answer to {name}");
                return result;
            }
            catch (KafkaModelException error) when (error.Error == KafkaError.ConcurrentTransactions || (left > 0 && error.Error == KafkaError.RequestTimedOut))
            {
            }
            catch (KafkaModelException error)
            {
                throw Failure(error);
            }
        }
    }

    private static KafkaException Failure(KafkaModelException error)
    {
        var failure = error.Error switch
        {
            KafkaError.ProducerFenced or KafkaError.InvalidProducerEpoch or KafkaError.InvalidProducerIdMapping => KafkaFailure.Fenced,
            KafkaError.InvalidTxnState or KafkaError.OutOfOrderSequenceNumber => KafkaFailure.NotCommitted,
            KafkaError.MessageTooLarge => KafkaFailure.RecordTooLarge,
            KafkaError.UnknownTopicOrPartition => KafkaFailure.TopicMissing,
            KafkaError.TopicAlreadyExists => KafkaFailure.TopicExists,
            KafkaError.RequestTimedOut or KafkaError.ConcurrentTransactions => KafkaFailure.Unreachable,
            _ => KafkaFailure.Refused,
        };
        return new KafkaException(failure, "CDCF0000", error.Message, isTransient: failure is KafkaFailure.Unreachable or KafkaFailure.NotCommitted, inner: error);
    }

    private static Guid IdOf(InMemoryTopic topic) => new(topic.Id, 0, 0, new byte[8]);

    private ValueTask StepAsync(string name) => step?.Invoke(string.Create(CultureInfo.InvariantCulture, $"kafka: {name}")) ?? ValueTask.CompletedTask;
}
