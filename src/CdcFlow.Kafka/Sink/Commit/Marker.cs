using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>What the marker topic says: who may write, and what was committed last.</summary>
/// <param name="Epoch">The newest instance that has opened the sink.</param>
/// <param name="Holder">Where it runs, for people.</param>
/// <param name="Checkpoint">The checkpoint that was committed last; null before the first.</param>
/// <param name="Topics">The topics that were written to, as they were then: other partitions mean another order of keys.</param>
/// <param name="Positions">The last change of each source that was written, for people.</param>
internal sealed record Marker(
    Epoch Epoch, string Holder, CheckpointRef? Checkpoint,
    IReadOnlyDictionary<string, KnownTopic> Topics, IReadOnlyDictionary<string, string> Positions)
{
    /// <summary>That instance's checkpoint store; null where version 0.1 wrote the marker.</summary>
    public StoreId? Store { get; init; }

    /// <summary>The time of its record; null before it is written.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>What is known of it outside the connector.</summary>
    public SinkMarker Told => new(Store, Epoch, Checkpoint) { Holder = Holder, WrittenAt = WrittenAt };

    public static Marker None { get; } = new(default, "", null, new Dictionary<string, KnownTopic>(), new Dictionary<string, string>());
}
