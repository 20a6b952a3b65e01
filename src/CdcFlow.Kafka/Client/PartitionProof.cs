using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>Sees to it that partitions exist that records were handed over for: of a record for one that does not, a transaction says only that it failed.</summary>
/// <remarks>What was seen once is remembered with the topic, for all producers of the cluster. One caller, one call at a time.</remarks>
/// <param name="describe">Asks the cluster for a topic.</param>
/// <param name="topics">All topics that the cluster's producers write to.</param>
internal sealed class PartitionProof(Func<string, CancellationToken, ValueTask<TopicDescription?>> describe, Func<IEnumerable<KafkaTopic>> topics)
{
    private readonly Dictionary<KafkaTopic, int> highest = [];

    internal void Note(in KafkaRecord record)
    {
        if (record.Partition >= record.Topic.PartitionsSeen)
        {
            highest[record.Topic] = Math.Max(record.Partition, highest.GetValueOrDefault(record.Topic));
        }
    }

    /// <summary>The first partition that the cluster does not have; null when it has all.</summary>
    internal async ValueTask<UndeliveredRecord?> FindMissingAsync(CancellationToken cancellationToken)
    {
        foreach (var (topic, partition) in highest)
        {
            var described = await describe(topic.Name, cancellationToken).ConfigureAwait(false);
            if (described is null || described.Partitions <= partition)
            {
                return new UndeliveredRecord(ClientError.Of(described is null ? ErrorCode.UnknownTopicOrPart : ErrorCode.Local_UnknownPartition), topic.Name, partition);
            }

            topic.PartitionsSeen = described.Partitions;
        }

        highest.Clear();
        return null;
    }

    /// <summary>Nothing is proved any more.</summary>
    internal void Forget()
    {
        foreach (var topic in topics())
        {
            topic.PartitionsSeen = 0;
        }
    }
}
