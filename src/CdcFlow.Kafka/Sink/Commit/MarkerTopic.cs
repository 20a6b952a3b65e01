using System.Text;
using CdcFlow.Checkpoints;
using CdcFlow.Formats;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>The pipeline's own topic of one partition, in which each of its transactions leaves its marker.</summary>
/// <remarks>A topic shared with others would not do: another's open transaction would hide our last marker from readers of committed records.</remarks>
internal sealed class MarkerTopic(IKafkaCluster cluster, string pipeline, string topic, bool create)
{
    // A transaction has a marker and its end; a few tries more than that are usual, and aborted ones come in rows.
    private const int ReadAtFirst = 64;
    private const int ReadMoreBy = 16;

    private const string CleanupPolicy = "cleanup.policy";
    private const string Compact = "compact";

    // Small segments, cleaned early: a start reads the end of the log, and nobody reads the rest.
    private static readonly Dictionary<string, string> config = new()
    {
        [CleanupPolicy] = Compact,
        ["segment.ms"] = "3600000",
        ["min.cleanable.dirty.ratio"] = "0.1",
        ["unclean.leader.election.enable"] = "false",
    };

    private readonly byte[] key = Encoding.UTF8.GetBytes(pipeline);

    public string Name => topic;

    /// <summary>How the topic is made.</summary>
    public static NewTopic Definition(string name) => new(name, Partitions: 1, ReplicationFactor: -1, config);

    /// <summary>Makes the topic when it is missing, and checks that it is fit.</summary>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        var found = await cluster.DescribeTopicAsync(topic, cancellationToken);
        if (found is null && create)
        {
            await CreateAsync(cancellationToken);
            found = await cluster.DescribeTopicAsync(topic, cancellationToken);
        }

        if (Unfitness(found, config: null) is { } problem)
        {
            throw problem;
        }
    }

    /// <summary>Why a topic cannot hold the marker; null when it can.</summary>
    /// <param name="found">The topic.</param>
    /// <param name="config">Its settings; null where they are not known.</param>
    public CdcFlowException? Unfitness(TopicDescription? found, IReadOnlyDictionary<string, string>? config) =>
        found is null ? new CdcFlowException(
            KafkaSinkErrors.TopicMissing, $"Marker topic '{topic}' does not exist.",
            $"kafka-topics.sh --create --topic {topic} --partitions 1 --config cleanup.policy=compact; or set CreateMarkerTopic = true.")
        : found.Partitions != 1 ? new CdcFlowException(
            KafkaSinkErrors.MarkerTopicUnfit, $"Marker topic '{topic}' has {found.Partitions} partitions instead of one.",
            "Set MarkerTopic to the name of a topic of the pipeline's own, or of one that is to be created.")
        // Deletion by age beside compaction would do as much harm: the marker of a pipeline that stands still would go.
        : config is not null && config.TryGetValue(CleanupPolicy, out var policy) && policy != Compact ? new CdcFlowException(
            KafkaSinkErrors.MarkerTopicUnfit, $"Marker topic '{topic}' has {CleanupPolicy}={policy}, and would lose the marker of a pipeline that stands still.",
            $"kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config {CleanupPolicy}={Compact}")
        : null;

    /// <summary>The last committed marker. To be read after older instances are fenced: until then one of them may still commit, or hold us up by
    /// an open transaction.</summary>
    public async ValueTask<Marker?> ReadCommittedAsync(CancellationToken cancellationToken) => await ReadAsync(Isolation.ReadCommitted, await EndAsync(cancellationToken), cancellationToken);

    /// <summary>The last marker that anybody has written, committed or not: it proves that there was an instance of its epoch, and nothing else.</summary>
    public async ValueTask<Marker?> ReadNewestAsync(CancellationToken cancellationToken) => await ReadAsync(Isolation.ReadUncommitted, await EndAsync(cancellationToken), cancellationToken);

    /// <summary>What can be told without fencing anybody, or making or waiting for anything: who came last, and whose the sink is and which checkpoint it has, as that
    /// is committed. Null where there is no marker, nor a topic for it.</summary>
    /// <remarks>Epochs of different stores cannot be compared. So a marker that another store has written, and that is not committed (a take-over that died on its way, or is under way), tells
    /// nobody to give way: only once it is committed has the sink another owner.</remarks>
    /// <param name="own">The store that asks; null where none does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Marker?> FindAsync(StoreId? own, CancellationToken cancellationToken)
    {
        if (await cluster.DescribeTopicAsync(topic, cancellationToken) is null)
        {
            return null;
        }

        var newest = await ReadNewestAsync(cancellationToken);
        var settled = await ReadAsync(Isolation.ReadCommitted, await cluster.LastStableOffsetAsync(topic, 0, cancellationToken), cancellationToken);
        return newest is null ? settled // there is none, or its deletion is not committed
            : settled is null || newest.Store is null || newest.Store == settled.Store || newest.Store == own
                ? newest with { Store = (settled ?? newest).Store, Checkpoint = settled?.Checkpoint }
            : settled;
    }

    /// <summary>Writes a marker as part of the producer's transaction; readers see it, and all else in the transaction, when that is committed.</summary>
    public async ValueTask WriteAsync(IKafkaProducer producer, Marker marker, CancellationToken cancellationToken)
    {
        using var value = new ByteBuffer(1024);
        MarkerJson.Write(marker, value);
        await WriteAsync(producer, value, cancellationToken);
    }

    /// <summary>Deletes the marker, as part of the producer's transaction: by a record without a value, as compaction has it.</summary>
    public ValueTask DeleteAsync(IKafkaProducer producer, CancellationToken cancellationToken) => WriteAsync(producer, value: null, cancellationToken);

    private async ValueTask WriteAsync(IKafkaProducer producer, ByteBuffer? value, CancellationToken cancellationToken)
    {
        while (Produce(producer, value) is var result and not ProduceResult.Accepted)
        {
            if (result == ProduceResult.TooLarge)
            {
                throw KafkaSinkErrors.MarkerTooLarge(topic, value?.Length ?? 0);
            }

            await producer.RoomAsync(cancellationToken);
        }
    }

    private ProduceResult Produce(IKafkaProducer producer, ByteBuffer? value) => producer.TryProduce(new KafkaRecord
    {
        Topic = cluster.Topic(topic),
        Partition = 0,
        Key = key,
        HasKey = true,
        Value = value is null ? default : value.Written,
        IsTombstone = value is null,
    });

    // The end is taken once: what is committed later is not ours to wait for, and no end-of-partition event is relied on.
    private ValueTask<long> EndAsync(CancellationToken cancellationToken) => cluster.HighWatermarkAsync(topic, 0, cancellationToken);

    private async ValueTask<Marker?> ReadAsync(Isolation isolation, long end, CancellationToken cancellationToken)
    {
        Marker? last = null;
        var (to, isFound) = (end, false);
        for (long span = ReadAtFirst; !isFound && to > 0; span *= ReadMoreBy)
        {
            var from = Math.Max(0, to - span);
            Exception? failure = null;
            await cluster.ReadAsync(new PartitionRange(topic, 0, from, to), isolation, Take, cancellationToken);
            to = from;
            if (failure is not null)
            {
                throw failure;
            }

            void Take(in FetchedRecord record)
            {
                try
                {
                    last = !record.Key.SequenceEqual(key) ? throw new FormatException("is another pipeline's")
                        : record.IsTombstone ? null
                        : MarkerJson.Read(record.Value) with { WrittenAt = DateTimeOffset.FromUnixTimeMilliseconds(record.TimestampMs) };
                    isFound = true;
                }
                catch (FormatException error)
                {
                    failure ??= KafkaSinkErrors.Unreadable(topic, record.Offset, error.Message);
                }
            }
        }

        return last;
    }

    private async ValueTask CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await cluster.CreateTopicAsync(Definition(topic), cancellationToken);
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.TopicExists)
        {
            // Another instance made it at the same moment.
        }
    }
}
