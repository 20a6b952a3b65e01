using System.Collections.Concurrent;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Connection;
using Confluent.Kafka.Admin;

namespace CdcFlow.Kafka.Client;

/// <summary>A cluster over librdkafka: one client for questions and administration, one for each producer and each read.</summary>
internal sealed class KafkaCluster : IKafkaCluster
{
    private readonly KafkaConnectionSettings connection;
    private readonly AccessTokens? tokens;
    private readonly ConcurrentDictionary<string, KafkaTopic> topics = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim starting = new(1);
    private ClusterAdmin? admin;

    /// <summary>Nothing is connected before it is asked for.</summary>
    internal KafkaCluster(KafkaConnectionSettings connection, TimeProvider time)
    {
        this.connection = connection;
        tokens = connection.Tokens is { } endpoint ? new AccessTokens(endpoint, new HttpClient(SecretHttp.Handler()) { Timeout = connection.Timeout }, time) : null;
    }

    /// <summary>The cluster of <c>ConnectionStrings:{connection}</c>.</summary>
    internal static KafkaCluster Of(ConnectorContext context) => new(
        KafkaConnectionString.Parse(context.ConnectionString ?? throw new CdcFlowException(
            ErrorCodes.ConfigurationMissing, $"Connection '{context.Connection}' has no connection string.",
            $"Set ConnectionStrings:{context.Connection}, as in localhost:9092.")),
        context.Time);

    /// <summary>The private keys that it logs in with.</summary>
    internal IReadOnlyList<string> KeyFiles => connection.ClientKeyFile is { } file ? [file] : [];

    public string Principal => connection.Principal;

    public KafkaTopic Topic(string name)
    {
        if (topics.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (topics)
        {
            return topics.GetOrAdd(name, added => new KafkaTopic(added, topics.Count));
        }
    }

    public async ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken) =>
        await KafkaProducer.OpenAsync(connection, tokens, options, new PartitionProof(DescribeTopicAsync, () => topics.Values), cancellationToken).ConfigureAwait(false);

    public async ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).DescribeClusterAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).DescribeTopicAsync(topic, cancellationToken).ConfigureAwait(false);

    public async ValueTask CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).CreateTopicAsync(topic, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyDictionary<string, string>> TopicConfigAsync(string topic, CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).ConfigAsync(ResourceType.Topic, topic, cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).BrokerConfigAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).HighWatermarkAsync(topic, partition, cancellationToken).ConfigureAwait(false);

    public async ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken) =>
        await (await AdminAsync(cancellationToken).ConfigureAwait(false)).LastStableOffsetAsync(topic, partition, cancellationToken).ConfigureAwait(false);

    public async ValueTask ReadAsync(PartitionRange range, Isolation isolation, FetchedRecordHandler handler, CancellationToken cancellationToken) =>
        await PartitionReader.ReadAsync(connection, tokens, range, isolation, handler, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (admin is { } opened)
        {
            await opened.DisposeAsync().ConfigureAwait(false);
        }

        tokens?.Dispose();
        starting.Dispose();
    }

    private async ValueTask<ClusterAdmin> AdminAsync(CancellationToken cancellationToken)
    {
        await starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return admin ??= await ClusterAdmin.OpenAsync(connection, tokens, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            starting.Release();
        }
    }
}
