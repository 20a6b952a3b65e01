namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>A topic as it was when it was last written to.</summary>
/// <param name="Id">Its id; empty where the broker does not tell.</param>
/// <param name="Partitions">How many partitions it had.</param>
internal readonly record struct KnownTopic(Guid Id, int Partitions)
{
    /// <summary>How another description differs, as the end of a sentence; null when it does not.</summary>
    public string? DifferenceTo(KnownTopic now) =>
        now.Id != Id && now.Id != Guid.Empty && Id != Guid.Empty ? "was deleted and made anew"
        : now.Partitions != Partitions ? $"had {Partitions} partitions and has {now.Partitions}"
        : null;
}
