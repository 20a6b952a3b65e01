using CdcFlow.Kafka.Connection;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CdcFlow.Kafka.Client;

/// <summary>Questions to the cluster and changes of it.</summary>
internal sealed class ClusterAdmin : IAsyncDisposable
{
    private const int PauseMs = 50;

    // Watermarks are those of this isolation: the last stable offset would stop before an open transaction of anybody.
    private static readonly Dictionary<string, string> settings = new() { ["isolation.level"] = "read_uncommitted" };

    private readonly KafkaClient<IConsumer<byte[]?, byte[]?>> client;
    private readonly IAdminClient requests;
    private readonly TimeSpan timeout;

    private ClusterAdmin(KafkaClient<IConsumer<byte[]?, byte[]?>> client, TimeSpan timeout)
    {
        this.client = client;
        this.timeout = timeout;
        requests = new DependentAdminClientBuilder(client.Package.Handle).Build();
    }

    internal static async ValueTask<ClusterAdmin> OpenAsync(KafkaConnectionSettings connection, AccessTokens? tokens, CancellationToken cancellationToken) => new(
        await KafkaClient<IConsumer<byte[]?, byte[]?>>.StartAsync(connection, PackageClients.Consumer(settings), tokens, cancellationToken).ConfigureAwait(false),
        connection.Timeout);

    internal ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken) => client.RunAsync(() =>
    {
        var cluster = Describe(cancellationToken);
        return new ClusterDescription(cluster.ClusterId, cluster.Nodes.Count, DescriptionReader.Operations(cluster.AuthorizedOperations));
    });

    internal ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) =>
        client.RunAsync(() => Describe(topic, cancellationToken) is { } described ? DescriptionReader.Topic(described) : null);

    internal ValueTask<bool> CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) => client.RunAsync(() => Create(topic, cancellationToken));

    internal ValueTask<IReadOnlyDictionary<string, string>> ConfigAsync(ResourceType type, string name, CancellationToken cancellationToken) =>
        client.RunAsync<IReadOnlyDictionary<string, string>>(() => Config(type, name, cancellationToken));

    internal ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) =>
        client.RunAsync<IReadOnlyDictionary<string, string>>(() => Config(ResourceType.Broker, $"{Describe(cancellationToken).Nodes.Min(node => node.Id)}", cancellationToken));

    internal ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) =>
        client.RunAsync(() => HighWatermark(topic, partition, cancellationToken));

    internal ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken) => client.RunAsync(() => Answer(
        () => requests.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = OffsetSpec.Latest() }],
            new ListOffsetsOptions { RequestTimeout = timeout, IsolationLevel = IsolationLevel.ReadCommitted }),
        $"asking how far {topic} [{partition}] is committed", cancellationToken).ResultInfos[0].TopicPartitionOffsetError.Offset.Value);

    public async ValueTask DisposeAsync()
    {
        await Task.Run(requests.Dispose).ConfigureAwait(false); // waits for its thread
        await client.DisposeAsync().ConfigureAwait(false);
    }

    private DescribeClusterResult Describe(CancellationToken cancellationToken) => Answer(
        () => requests.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = timeout, IncludeAuthorizedOperations = true }),
        "describing the cluster", cancellationToken);

    private Confluent.Kafka.Admin.TopicDescription? Describe(string topic, CancellationToken cancellationToken)
    {
        try
        {
            return Answer(
                () => requests.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = timeout, IncludeAuthorizedOperations = true }),
                $"describing topic '{topic}'", cancellationToken, topic).TopicDescriptions[0];
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.TopicMissing)
        {
            return null;
        }
    }

    private bool Create(NewTopic topic, CancellationToken cancellationToken)
    {
        var subject = $"creating topic '{topic.Name}'";
        var specification = new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = (short)topic.ReplicationFactor,
            Configs = new(topic.Config),
        };
        _ = Answer(
            async () =>
            {
                await requests.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = timeout, OperationTimeout = timeout }).ConfigureAwait(false);
                return true;
            },
            subject, cancellationToken, topic.Name, isCreation: true);
        return client.Repeat(_ => NotYet(topic.Name, cancellationToken), timeout, cancellationToken) is { } error ? throw client.Coded(error, subject) : true;
    }

    // Created means that the controller knows it; brokers learn of it, and partitions get leaders, a moment later.
    private ClientError? NotYet(string topic, CancellationToken cancellationToken)
    {
        if (Describe(topic, cancellationToken) is { } described && described.Partitions.All(partition => partition.Leader is { Id: >= 0 }))
        {
            return null;
        }

        client.Pause(PauseMs);
        return new ClientError(ErrorCode.LeaderNotAvailable, "its partitions have no leader yet", IsRetriable: true);
    }

    private Dictionary<string, string> Config(ResourceType type, string name, CancellationToken cancellationToken)
    {
        var described = Answer(
            () => requests.DescribeConfigsAsync([new ConfigResource { Type = type, Name = name }], new DescribeConfigsOptions { RequestTimeout = timeout }),
            $"reading the settings of {type.ToString().ToLowerInvariant()} '{name}'", cancellationToken);
        return described[0].Entries.Values
            .Where(entry => entry.Value is not null) // a secret of the broker has none
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
    }

    private long HighWatermark(string topic, int partition, CancellationToken cancellationToken)
    {
        long high = 0;
        var asked = new TopicPartition(topic, partition);
        ClientError? Query(int milliseconds)
        {
            var error = ClientError.OfCall(() => high = client.Package.QueryWatermarkOffsets(asked, TimeSpan.FromMilliseconds(milliseconds)).High.Value);
            return error is null ? null : error with { IsRetriable = MayBeEarly(error.Code) };
        }

        return client.Repeat(Query, timeout, cancellationToken) is { } cause ? throw client.Coded(cause, $"asking for the end of {topic} [{partition}]") : high;
    }

    // Only a topic that was described is asked for its end: a broker that does not know it has not heard of it yet.
    private static bool MayBeEarly(ErrorCode code) => code is ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.NotLeaderForPartition
        or ErrorCode.LeaderNotAvailable or ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition;

    private TResult Answer<TResult>(Func<Task<TResult>> request, string subject, CancellationToken cancellationToken, string? topic = null, bool isCreation = false)
    {
        var answer = request();
        ClientError? Wait(int milliseconds) => Task.WaitAny([answer], milliseconds, cancellationToken) < 0 ? new ClientError(ErrorCode.Local_TimedOut, "no answer in time") : null;
        if (client.Repeat(Wait, timeout, cancellationToken) is { } late)
        {
            throw client.Coded(late, subject);
        }

        try
        {
            var result = answer.GetAwaiter().GetResult();
            client.ForgetTrouble();
            return result;
        }
        catch (Confluent.Kafka.KafkaException failure)
        {
            var error = ClientError.Of(DescriptionReader.Cause(failure));
            throw client.Coded(error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport ? client.Explained(error) : error, subject, topic, isCreation);
        }
    }
}
