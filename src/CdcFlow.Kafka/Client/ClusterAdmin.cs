using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client;

/// <summary>Questions to the cluster and changes of it.</summary>
internal sealed class ClusterAdmin : IAsyncDisposable
{
    private const int PauseMs = 50;

    // Watermarks are those of this isolation: the last stable offset would stop before an open transaction of anybody.
    private static readonly Dictionary<string, string> settings = new() { ["isolation.level"] = "read_uncommitted" };

    private readonly NativeClient client;
    private readonly AdminRequests requests;
    private readonly TimeSpan timeout;

    private ClusterAdmin(NativeClient client, TimeSpan timeout)
    {
        this.client = client;
        this.timeout = timeout;
        requests = new AdminRequests(client, timeout);
    }

    internal static async ValueTask<ClusterAdmin> OpenAsync(KafkaConnectionSettings connection, AccessTokens? tokens, CancellationToken cancellationToken)
    {
        var client = await NativeClient.StartAsync(connection, new ClientRole(ClientType.Consumer, settings), tokens, cancellationToken).ConfigureAwait(false);
        return new ClusterAdmin(client, connection.Timeout);
    }

    internal ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken) =>
        client.RunAsync(() => requests.DescribeCluster(cancellationToken).Description);

    internal ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) =>
        client.RunAsync(() => requests.DescribeTopic(topic, cancellationToken)?.Description);

    internal ValueTask<bool> CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) => client.RunAsync(() => Create(topic, cancellationToken));

    internal ValueTask<IReadOnlyDictionary<string, string>> ConfigAsync(ResourceType type, string name, CancellationToken cancellationToken) =>
        client.RunAsync(() => requests.DescribeConfig(type, name, cancellationToken));

    internal ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) => client.RunAsync(() =>
        requests.DescribeConfig(ResourceType.Broker, $"{requests.DescribeCluster(cancellationToken).LowestBroker}", cancellationToken));

    internal ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        client.RunAsync(() => HighWatermark(topic, partition, cancellationToken));

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private bool Create(NewTopic topic, CancellationToken cancellationToken)
    {
        requests.CreateTopic(topic, cancellationToken);
        // Created means that the controller knows it; brokers learn of it, and partitions get leaders, a moment later.
        NativeError? NotYet(int milliseconds)
        {
            if (requests.DescribeTopic(topic.Name, cancellationToken) is { HasLeaders: true })
            {
                return null;
            }

            client.Pump(PauseMs);
            return new NativeError(ErrorCode.LeaderNotAvailable, "its partitions have no leader yet", IsRetriable: true);
        }

        return client.Repeat(NotYet, timeout, cancellationToken) is { } error ? throw client.Errors.Of(error, $"creating topic '{topic.Name}'") : true;
    }

    private long HighWatermark(string topic, int partition, CancellationToken cancellationToken)
    {
        long high = 0;
        var error = client.Repeat(milliseconds => Query(topic, partition, milliseconds, out high), timeout, cancellationToken);
        return error is { } cause ? throw client.Errors.Of(cause, $"asking for the end of {topic} [{partition}]") : high;
    }

    private unsafe NativeError? Query(string topic, int partition, int milliseconds, out long high)
    {
        long low, end = 0;
        var error = NativeError.Of(Librdkafka.QueryWatermarks(client.Pointer, topic, partition, &low, &end, milliseconds));
        high = end;
        // Only a topic that was described is asked for its end: a broker that does not know it has not heard of it yet.
        return error is { } failed
            ? failed with
            {
                IsRetriable = failed.Code is ErrorCode.Transport or ErrorCode.AllBrokersDown or ErrorCode.NotLeader or ErrorCode.LeaderNotAvailable
                    or ErrorCode.UnknownTopic or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownPartition,
            }
            : null;
    }
}
