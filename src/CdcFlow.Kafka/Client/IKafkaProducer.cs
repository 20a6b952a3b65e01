namespace CdcFlow.Kafka.Client;

/// <summary>One producer session: one producer id and epoch.</summary>
/// <remarks>One caller, one call at a time. Without a transactional id only <see cref="TryProduce"/>, <see cref="RoomAsync"/> and
/// <see cref="FlushAsync"/> are for use. After an error of kind <see cref="KafkaFailure.Fenced"/> or <see cref="KafkaFailure.OutcomeUnknown"/>
/// nothing but disposal is left. Disposal never commits; an open transaction is aborted by the next producer of the id, or by the broker's timeout.
/// A session is for one transaction: a request that was never answered may still arrive and end the next one, and a refused record leaves a gap in
/// the sequence numbers. A new producer of the same id heals both.</remarks>
internal interface IKafkaProducer : IAsyncDisposable
{
    /// <summary>Begins a transaction. No network.</summary>
    ValueTask BeginAsync(CancellationToken cancellationToken);

    /// <summary>Hands a record over; its bytes are copied. In a transaction, records of one partition keep their order.</summary>
    /// <exception cref="KafkaException">The session is over, or the transaction must be aborted.</exception>
    ProduceResult TryProduce(in KafkaRecord record);

    /// <summary>Waits until there is room for a record after <see cref="ProduceResult.QueueFull"/>.</summary>
    ValueTask RoomAsync(CancellationToken cancellationToken);

    /// <summary>Returns once the cluster has acknowledged every record handed over so far, each counted.</summary>
    /// <exception cref="KafkaException">A record was refused or given up: the transaction can only be aborted.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Commits the transaction; flush first.</summary>
    /// <exception cref="KafkaException"><see cref="KafkaFailure.Fenced"/>, <see cref="KafkaFailure.NotCommitted"/> (abort it) or
    /// <see cref="KafkaFailure.OutcomeUnknown"/> (throw the producer away; only what the topic holds tells). Cancelling is the last of these too.</exception>
    ValueTask CommitAsync(CancellationToken cancellationToken);

    /// <summary>Aborts the transaction; what was not sent yet is dropped.</summary>
    ValueTask AbortAsync(CancellationToken cancellationToken);
}

/// <summary>What became of a record that was handed over.</summary>
internal enum ProduceResult
{
    /// <summary>It is in the queue.</summary>
    Accepted,

    /// <summary>The queue is full: wait for room and hand it over again.</summary>
    QueueFull,

    /// <summary>It is larger than the client may send (<c>message.max.bytes</c>); nothing else has changed.</summary>
    TooLarge,
}
