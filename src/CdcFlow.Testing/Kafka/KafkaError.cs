namespace CdcFlow.Testing.Kafka;

/// <summary>What a broker answers when it refuses; the names are those of Kafka's protocol.</summary>
public enum KafkaError
{
    /// <summary>There is no such topic or partition.</summary>
    UnknownTopicOrPartition,

    /// <summary>There is a topic of that name.</summary>
    TopicAlreadyExists,

    /// <summary>No topic may have that name.</summary>
    InvalidTopic,

    /// <summary>The number of partitions would not grow.</summary>
    InvalidPartitions,

    /// <summary>The batch is larger than the topic takes.</summary>
    MessageTooLarge,

    /// <summary>The offset is below the log's start or above its end.</summary>
    OffsetOutOfRange,

    /// <summary>A newer producer has the transactional id.</summary>
    ProducerFenced,

    /// <summary>A newer producer has written to the partition.</summary>
    InvalidProducerEpoch,

    /// <summary>The coordinator does not know the producer under this transactional id.</summary>
    InvalidProducerIdMapping,

    /// <summary>A batch is missing between this one and the last.</summary>
    OutOfOrderSequenceNumber,

    /// <summary>The transaction is not in a state for that.</summary>
    InvalidTxnState,

    /// <summary>The transaction before is still being completed; ask again.</summary>
    ConcurrentTransactions,

    /// <summary>The timeout is longer than the broker allows.</summary>
    InvalidTransactionTimeout,

    /// <summary>No answer came: the broker is gone, or the network ate the request or its answer. Whether it had an effect is unknown.</summary>
    RequestTimedOut,
}
