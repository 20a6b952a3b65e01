namespace CdcFlow.Kafka.Client;

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id: another one means that it was deleted and made anew. Empty where the broker does not tell.</param>
/// <param name="Partitions">How many partitions.</param>
/// <param name="ReplicationFactor">The fewest replicas that any partition has.</param>
/// <param name="InSync">The fewest replicas in sync that any partition has.</param>
/// <param name="Allowed">What this client may do with it; null where the broker does not tell.</param>
internal sealed record TopicDescription(string Name, Guid Id, int Partitions, int ReplicationFactor, int InSync, KafkaOperations? Allowed);

/// <summary>The cluster.</summary>
/// <param name="Id">Its id; null where the broker does not tell.</param>
/// <param name="Brokers">How many brokers it has now.</param>
/// <param name="Allowed">What this client may do with it; null where the broker does not tell.</param>
internal sealed record ClusterDescription(string? Id, int Brokers, KafkaOperations? Allowed);

/// <summary>A topic to be made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Partitions; -1 for the broker's default.</param>
/// <param name="ReplicationFactor">Replicas of each; -1 for the broker's default.</param>
/// <param name="Config">Settings, as in <c>cleanup.policy</c>.</param>
internal sealed record NewTopic(string Name, int Partitions, int ReplicationFactor, IReadOnlyDictionary<string, string> Config);

/// <summary>Operations of Kafka's access control.</summary>
[Flags]
internal enum KafkaOperations
{
    None = 0,
    Read = 1 << 0,
    Write = 1 << 1,
    Create = 1 << 2,
    Delete = 1 << 3,
    Alter = 1 << 4,
    Describe = 1 << 5,
    ClusterAction = 1 << 6,
    DescribeConfigs = 1 << 7,
    AlterConfigs = 1 << 8,
    IdempotentWrite = 1 << 9,
}
