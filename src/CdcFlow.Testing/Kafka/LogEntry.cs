namespace CdcFlow.Testing.Kafka;

/// <summary>What became of a record.</summary>
internal enum Fate : byte
{
    /// <summary>Its transaction is open.</summary>
    Open,

    /// <summary>It counts: its transaction was committed, or it had none.</summary>
    Committed,

    /// <summary>Its transaction was aborted.</summary>
    Aborted,
}

/// <summary>One offset of a log: a record, or the marker that ends a transaction in this partition.</summary>
/// <param name="Offset">Its place.</param>
/// <param name="Producer">Who wrote it.</param>
/// <param name="Message">The record; null for a marker.</param>
internal sealed record LogEntry(long Offset, ProducerIdentity Producer, KafkaMessage? Message)
{
    public Fate Fate { get; set; }
}
