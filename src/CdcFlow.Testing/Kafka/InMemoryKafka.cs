using static CdcFlow.Testing.Kafka.KafkaError;

namespace CdcFlow.Testing.Kafka;

/// <summary>A Kafka cluster in memory: topics, logs with the markers that end transactions, and a transaction coordinator. It outlives its clients.</summary>
/// <remarks>
/// Each member is one request, and takes effect at once and as a whole; clients that batch, retry and wait are built on it. It behaves as brokers do towards
/// clients without KIP-890: see <see cref="EndTxn"/>. Deterministic: it has no threads and no timers, and looks at the clock when it is asked.
/// Thread-safe, except for <see cref="Network"/>.
/// </remarks>
/// <param name="time">The brokers' clock.</param>
public sealed class InMemoryKafka(TimeProvider time)
{
    private const int TopicNameMax = 249;
    private static readonly TimeSpan transactionTimeoutMax = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, TopicLogs> topics = new(StringComparer.Ordinal);
    private TransactionCoordinator? coordinator;
    private long producers;
    private int topicsMade;

    /// <summary>Where requests go astray.</summary>
    public KafkaNetwork Network { get; } = new();

    /// <summary>Whether a transaction's markers are written one by one, one with each later request, so that there is time between the decision and what
    /// readers see. Default: false, all with the request that decides.</summary>
    public bool CompletesSlowly { get; set; }

    /// <summary>Whether a decided transaction still lacks markers.</summary>
    public bool IsCompleting => Look(() => Coordinator.IsCompleting);

    private TransactionCoordinator Coordinator => coordinator ??= new TransactionCoordinator(time, NewProducer, WriteMarker);

    /// <summary>Makes a topic.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="partitions">How many partitions, at least 1.</param>
    /// <param name="config">Its settings.</param>
    public void CreateTopic(string name, int partitions, IReadOnlyDictionary<string, string>? config = null) => Do(KafkaRequest.Topics, () =>
    {
        Require(name.Length is > 0 and <= TopicNameMax && name is not ("." or "..") && name.All(IsLegal), InvalidTopic, name);
        Require(partitions > 0, InvalidPartitions, name);
        Require(!topics.ContainsKey(name), TopicAlreadyExists, name);
        var topic = new TopicLogs(name, ++topicsMade, config ?? new Dictionary<string, string>());
        topic.GrowTo(partitions);
        topics.Add(name, topic);
    });

    /// <summary>Deletes a topic with its records.</summary>
    public void DeleteTopic(string name) => Do(KafkaRequest.Topics, () => Require(topics.Remove(name), UnknownTopicOrPartition, name));

    /// <summary>Gives a topic more partitions.</summary>
    public void CreatePartitions(string name, int count) => Do(KafkaRequest.Topics, () =>
    {
        var topic = Topic(name);
        Require(count > topic.Partitions.Count, InvalidPartitions, name);
        topic.GrowTo(count);
    });

    /// <summary>Describes a topic; null when there is none.</summary>
    public InMemoryTopic? DescribeTopic(string name) => Do(KafkaRequest.Topics, () => topics.GetValueOrDefault(name)?.Description);

    /// <summary>Gives a producer its id and epoch. With a transactional id: fences those that had it before and aborts their open transaction.</summary>
    /// <exception cref="KafkaModelException"><see cref="ConcurrentTransactions"/> while that is being done: ask again.</exception>
    public ProducerIdentity InitProducerId(string? transactionalId, TimeSpan transactionTimeout) => Do(KafkaRequest.InitProducerId, () =>
    {
        Require(transactionTimeout <= transactionTimeoutMax, InvalidTransactionTimeout, transactionalId ?? "");
        return transactionalId is null ? NewProducer() : Coordinator.Init(transactionalId, transactionTimeout);
    });

    /// <summary>Adds partitions to the producer's transaction; the first ones begin it.</summary>
    public void AddPartitionsToTxn(string transactionalId, ProducerIdentity producer, IReadOnlyCollection<KafkaPartition> partitions) =>
        Do(KafkaRequest.AddPartitionsToTxn, () =>
        {
            _ = partitions.Select(Log).ToList();
            Coordinator.Add(transactionalId, producer, partitions);
        });

    /// <summary>Appends a batch to a partition, unless it has been appended before.</summary>
    /// <param name="transactionalId">The producer's transactional id; null when it has none.</param>
    /// <param name="producer">Who sends.</param>
    /// <param name="partition">Where to.</param>
    /// <param name="firstSequence">The number of the batch's first record among all that the producer has sent to the partition under its epoch, from 0.</param>
    /// <param name="batch">The records.</param>
    /// <returns>The offset of the batch's first record.</returns>
    public long Produce(string? transactionalId, ProducerIdentity producer, KafkaPartition partition, int firstSequence, IReadOnlyList<KafkaMessage> batch) =>
        Do(KafkaRequest.Produce, () =>
        {
            var log = Log(partition);
            Require(batch.All(message => message.SizeInBatch <= Topic(partition.Topic).MaxMessageBytes), MessageTooLarge, $"{partition}");
            if (transactionalId is not null)
            {
                Coordinator.Verify(transactionalId, producer, partition);
            }

            return log.Append(producer, transactionalId is not null, firstSequence, batch);
        });

    /// <summary>Ends the transaction that is open under the producer's epoch *when the request arrives*: one that comes late may end the next.</summary>
    public void EndTxn(string transactionalId, ProducerIdentity producer, bool commit) =>
        Do(KafkaRequest.EndTxn, () => Coordinator.End(transactionalId, producer, commit));

    /// <summary>Reads the records of a partition.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="from">The first offset.</param>
    /// <param name="to">The offset after the last; the answer may end earlier.</param>
    /// <param name="committedOnly">Whether to leave out what is aborted, and to end where the oldest open transaction begins.</param>
    public IReadOnlyList<LoggedMessage> Fetch(KafkaPartition partition, long from, long to, bool committedOnly) => Do(KafkaRequest.Fetch, () =>
    {
        var log = Log(partition);
        Require(from >= log.LogStart && from <= log.HighWatermark, OffsetOutOfRange, $"{partition} at {from}");
        return log.Read(from, to, committedOnly);
    });

    /// <summary>The offsets between which a partition has records: the first that may be left, the one where the oldest open transaction begins, and the next one.</summary>
    public (long LogStart, long LastStable, long HighWatermark) ListOffsets(KafkaPartition partition) => Do(KafkaRequest.Fetch, () =>
    {
        var log = Log(partition);
        return (log.LogStart, log.LastStableOffset, log.HighWatermark);
    });

    /// <summary>What readers of a partition find, without a request: for checks. Empty where there is no such partition.</summary>
    public IReadOnlyList<LoggedMessage> Peek(KafkaPartition partition, bool committedOnly) => Look(() =>
        topics.TryGetValue(partition.Topic, out var topic) && partition.Partition < topic.Partitions.Count
            ? topic.Partitions[partition.Partition].Read(0, long.MaxValue, committedOnly)
            : []);

    /// <summary>The names of all topics, without a request: for checks.</summary>
    public IReadOnlyList<string> TopicNames => Look<IReadOnlyList<string>>(() => [.. topics.Keys]);

    /// <summary>Compacts a topic: of the committed records of a key only the last is left.</summary>
    public void Compact(string name) => Look(() =>
    {
        Topic(name).Partitions.ForEach(log => log.Compact());
        return true;
    });

    /// <summary>Forgets the records of a partition before an offset, as retention does.</summary>
    public void DeleteRecords(KafkaPartition partition, long before) => Look(() =>
    {
        Log(partition).DeleteBefore(before);
        return true;
    });

    /// <summary>Restarts the brokers: requests under way are lost, decided transactions are completed, what is acknowledged stays.</summary>
    public void Restart() => Look(() =>
    {
        Network.IsUp = true;
        while (Coordinator.WriteOneMarker())
        {
        }

        return true;
    });

    private static bool IsLegal(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-';

    private static void Require(bool holds, KafkaError otherwise, string about)
    {
        if (!holds)
        {
            throw new KafkaModelException(otherwise, about);
        }
    }

    private TopicLogs Topic(string name) => topics.GetValueOrDefault(name) ?? throw new KafkaModelException(UnknownTopicOrPartition, name);

    private PartitionLog Log(KafkaPartition partition)
    {
        var logs = Topic(partition.Topic).Partitions;
        Require(partition.Partition >= 0 && partition.Partition < logs.Count, UnknownTopicOrPartition, partition.ToString());
        return logs[partition.Partition];
    }

    private ProducerIdentity NewProducer() => new(++producers, 0);

    /// <summary>A partition that was deleted meanwhile needs no marker.</summary>
    private void WriteMarker(KafkaPartition partition, ProducerIdentity producer, bool commit)
    {
        if (topics.TryGetValue(partition.Topic, out var topic) && partition.Partition < topic.Partitions.Count)
        {
            topic.Partitions[partition.Partition].End(producer, commit);
        }
    }

    private void Do(KafkaRequest request, Action effect) => Do(request, () =>
    {
        effect();
        return true;
    });

    private TResult Do<TResult>(KafkaRequest request, Func<TResult> effect)
    {
        lock (gate)
        {
            Coordinator.Expire();
            if (CompletesSlowly)
            {
                Coordinator.WriteOneMarker();
            }

            try
            {
                return Network.Send(request, effect);
            }
            finally
            {
                while (!CompletesSlowly && Coordinator.WriteOneMarker())
                {
                }
            }
        }
    }

    private TResult Look<TResult>(Func<TResult> look)
    {
        lock (gate)
        {
            return look();
        }
    }
}
