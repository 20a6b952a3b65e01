using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>A topic that is being written to.</summary>
/// <param name="handle">The client's handle of it.</param>
internal sealed class BoundTopic(KafkaTopic handle)
{
    public KafkaTopic Handle { get; } = handle;

    public string Name => Handle.Name;

    /// <summary>As it was at the last checkpoint: within one, keys stay where they are.</summary>
    public required KnownTopic As { get; set; }

    /// <summary>How large its records may be.</summary>
    public required RecordLimit Limit { get; init; }

    /// <summary>What else it refuses.</summary>
    public required TopicRules Rules { get; init; }

    public int Partitions => As.Partitions;
}
