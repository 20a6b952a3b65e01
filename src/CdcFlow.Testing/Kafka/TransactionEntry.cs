namespace CdcFlow.Testing.Kafka;

/// <summary>The states of a transaction at its coordinator; the names are Kafka's.</summary>
internal enum TransactionState
{
    Empty,
    Ongoing,
    PrepareCommit,
    PrepareAbort,
    CompleteCommit,
    CompleteAbort,
}

/// <summary>What the coordinator keeps for a transactional id.</summary>
internal sealed class TransactionEntry(string id, ProducerIdentity producer, TimeSpan timeout)
{
    public string Id { get; } = id;

    public ProducerIdentity Producer { get; set; } = producer;

    public TimeSpan Timeout { get; set; } = timeout;

    public TransactionState State { get; set; }

    /// <summary>When its first partition was added.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The partitions of the open transaction, or those that still wait for their marker.</summary>
    public List<KafkaPartition> Partitions { get; } = [];

    /// <summary>Whether the decision is made and markers are being written.</summary>
    public bool IsCompleting => State is TransactionState.PrepareCommit or TransactionState.PrepareAbort;
}
