namespace CdcFlow.Testing.Kafka;

/// <summary>A request that a test can let go astray; the names are those of Kafka's protocol.</summary>
public enum KafkaRequest
{
    /// <summary>Asks about topics, or changes them.</summary>
    Topics,

    /// <summary>Asks for a producer's id and epoch.</summary>
    InitProducerId,

    /// <summary>Adds partitions to a transaction.</summary>
    AddPartitionsToTxn,

    /// <summary>Appends a batch.</summary>
    Produce,

    /// <summary>Commits or aborts a transaction.</summary>
    EndTxn,

    /// <summary>Reads records, or asks for offsets.</summary>
    Fetch,
}

/// <summary>What may become of a request on the network. Its sender sees no answer, except where it says otherwise.</summary>
public enum KafkaFault
{
    /// <summary>Nothing: it arrives and is answered.</summary>
    None,

    /// <summary>It never arrives.</summary>
    RequestLost,

    /// <summary>It arrives and takes effect; the answer is lost.</summary>
    AnswerLost,

    /// <summary>It arrives later, after its sender has given up.</summary>
    Delayed,

    /// <summary>It arrives and is answered, and a second time later.</summary>
    Duplicated,
}
