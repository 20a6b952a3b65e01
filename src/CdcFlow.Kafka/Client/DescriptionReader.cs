using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CdcFlow.Kafka.Client;

/// <summary>The package's answers in the sink's terms.</summary>
internal static class DescriptionReader
{
    internal static TopicDescription Topic(Confluent.Kafka.Admin.TopicDescription topic) => new(
        topic.Name, Id(topic.TopicId), topic.Partitions.Count,
        topic.Partitions.Select(partition => partition.Replicas.Count).DefaultIfEmpty().Min(),
        topic.Partitions.Select(partition => partition.ISR.Count).DefaultIfEmpty().Min(),
        Operations(topic.AuthorizedOperations));

    internal static KafkaOperations? Operations(IEnumerable<AclOperation>? operations) => operations?.Aggregate(KafkaOperations.None, (allowed, operation) => allowed | operation switch
    {
        AclOperation.Read => KafkaOperations.Read,
        AclOperation.Write => KafkaOperations.Write,
        AclOperation.Create => KafkaOperations.Create,
        AclOperation.Delete => KafkaOperations.Delete,
        AclOperation.Alter => KafkaOperations.Alter,
        AclOperation.Describe => KafkaOperations.Describe,
        AclOperation.ClusterAction => KafkaOperations.ClusterAction,
        AclOperation.DescribeConfigs => KafkaOperations.DescribeConfigs,
        AclOperation.AlterConfigs => KafkaOperations.AlterConfigs,
        AclOperation.IdempotentWrite => KafkaOperations.IdempotentWrite,
        _ => KafkaOperations.None,
    });

    /// <summary>The error of the one thing that was asked for, which the package's exceptions carry inside.</summary>
    internal static Error Cause(Confluent.Kafka.KafkaException failure) => failure switch
    {
        DescribeTopicsException { Results.TopicDescriptions: [{ Error.IsError: true } topic] } => topic.Error,
        DescribeConfigsException { Results: [{ Error.IsError: true } config] } => config.Error,
        CreateTopicsException { Results: [{ Error.IsError: true } created] } => created.Error,
        _ => failure.Error,
    };

    private static Guid Id(Uuid? id) => id is null ? Guid.Empty : new Guid($"{id.MostSignificantBits.Value:x16}{id.LeastSignificantBits.Value:x16}");
}
