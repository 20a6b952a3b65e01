namespace CdcFlow.Kafka.Client;

/// <summary>A Kafka cluster as the sink sees it: everything that leaves the process goes through here.</summary>
/// <remarks>Thread-safe. Every member throws <see cref="KafkaException"/> when the cluster refuses or cannot be reached; none retries
/// for ever. Producers are to be disposed before the cluster.</remarks>
internal interface IKafkaCluster : IAsyncDisposable
{
    /// <summary>Who access control takes this client for, as in <c>User:cdc</c>; <c>User:…</c> where only the brokers know.</summary>
    string Principal => "User:…";

    /// <summary>The handle by which records name a topic; the topic need not exist. The same object for the same name.</summary>
    KafkaTopic Topic(string name);

    /// <summary>Opens a producer. With a transactional id, every older producer of that id is fenced and its last transaction is decided
    /// (and its markers written) when this returns.</summary>
    ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken);

    /// <summary>The brokers, and what this client may do with the cluster.</summary>
    ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken);

    /// <summary>A topic as it is now; null when there is none of that name.</summary>
    ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Makes a topic and returns when it can be written to. That it is there already is an error of kind <see cref="KafkaFailure.TopicExists"/>.</summary>
    ValueTask CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken);

    /// <summary>The topic's effective settings, as in <c>min.insync.replicas</c>.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> TopicConfigAsync(string topic, CancellationToken cancellationToken);

    /// <summary>The effective settings of one broker (that of the lowest id), as in <c>transaction.max.timeout.ms</c>.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken);

    /// <summary>One past the last offset of a partition, open transactions and transaction markers included.</summary>
    ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken);

    /// <summary>Where the oldest open transaction of a partition begins, or its end: a reader of committed records comes as far without waiting for anybody.</summary>
    ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken);

    /// <summary>Reads a range of a partition in order, and returns once everything before its end was passed on or is known not to be for
    /// this reader (aborted, compacted, a transaction's own marker).</summary>
    /// <remarks>With <see cref="Isolation.ReadCommitted"/> it waits for transactions that are open inside the range.</remarks>
    /// <param name="range">What to read.</param>
    /// <param name="isolation">Which records.</param>
    /// <param name="handler">Called for each record, one at a time, on a thread of the client.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ReadAsync(PartitionRange range, Isolation isolation, FetchedRecordHandler handler, CancellationToken cancellationToken);
}

/// <summary>Which records a reader gets.</summary>
internal enum Isolation
{
    /// <summary>Only those of committed transactions and those outside transactions.</summary>
    ReadCommitted,

    /// <summary>All, also of open and aborted transactions.</summary>
    ReadUncommitted,
}

/// <summary>Offsets of one partition: from <paramref name="From"/> up to, but without, <paramref name="To"/>; 0 is the first that is kept.</summary>
internal readonly record struct PartitionRange(string Topic, int Partition, long From, long To);
