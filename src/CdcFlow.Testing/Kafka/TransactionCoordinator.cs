using static CdcFlow.Testing.Kafka.KafkaError;

namespace CdcFlow.Testing.Kafka;

/// <summary>Decides transactions as brokers do for clients without KIP-890 ("TV1"): one epoch lives through many transactions, and only
/// <see cref="Init"/> or a timeout raises it.</summary>
/// <remarks>So a request to end a transaction that comes late ends whichever transaction is open under its epoch then (KAFKA-17754).</remarks>
/// <param name="time">The broker's clock.</param>
/// <param name="newProducer">Gives a producer id.</param>
/// <param name="writeMarker">Ends a producer's transaction in a partition.</param>
internal sealed class TransactionCoordinator(TimeProvider time, Func<ProducerIdentity> newProducer, Action<KafkaPartition, ProducerIdentity, bool> writeMarker)
{
    private readonly SortedDictionary<string, TransactionEntry> entries = new(StringComparer.Ordinal);

    /// <summary>Whether a decided transaction still lacks markers.</summary>
    public bool IsCompleting => entries.Values.Any(entry => entry.IsCompleting);

    /// <summary>Gives the id to a new producer. An open transaction is aborted first; until that is complete, the answer is to ask again.</summary>
    public ProducerIdentity Init(string id, TimeSpan timeout)
    {
        if (!entries.TryGetValue(id, out var entry))
        {
            entries.Add(id, entry = new TransactionEntry(id, newProducer(), timeout));
            return entry.Producer;
        }

        if (entry.State == TransactionState.Ongoing)
        {
            Fence(entry);
        }

        if (entry.IsCompleting)
        {
            throw new KafkaModelException(ConcurrentTransactions, id);
        }

        entry.Producer = Next(entry.Producer);
        entry.State = TransactionState.Empty;
        entry.Timeout = timeout;
        return entry.Producer;
    }

    /// <summary>Adds partitions to the open transaction, or begins one with them.</summary>
    public void Add(string id, ProducerIdentity producer, IEnumerable<KafkaPartition> partitions)
    {
        var entry = Current(id, producer);
        if (entry.IsCompleting)
        {
            throw new KafkaModelException(ConcurrentTransactions, id);
        }

        if (entry.State != TransactionState.Ongoing)
        {
            entry.State = TransactionState.Ongoing;
            entry.Since = time.GetUtcNow();
            entry.Partitions.Clear();
        }

        entry.Partitions.AddRange(partitions.Except(entry.Partitions));
    }

    /// <summary>A partition asks whether a producer may write to it now (KIP-890, part 1).</summary>
    public void Verify(string id, ProducerIdentity producer, KafkaPartition partition)
    {
        var entry = Current(id, producer);
        if (entry.State != TransactionState.Ongoing || !entry.Partitions.Contains(partition))
        {
            throw new KafkaModelException(InvalidTxnState, $"{partition} is not part of an open transaction of {id}");
        }
    }

    /// <summary>Decides the open transaction. Asking again for what was decided is answered with yes.</summary>
    public void End(string id, ProducerIdentity producer, bool commit)
    {
        var entry = Current(id, producer);
        var (prepared, complete) = commit
            ? (TransactionState.PrepareCommit, TransactionState.CompleteCommit)
            : (TransactionState.PrepareAbort, TransactionState.CompleteAbort);
        if (entry.State == TransactionState.Ongoing)
        {
            entry.State = prepared;
        }
        else if (entry.State == prepared)
        {
            throw new KafkaModelException(ConcurrentTransactions, id);
        }
        else if (entry.State != complete)
        {
            throw new KafkaModelException(InvalidTxnState, $"{id} is {entry.State}");
        }
    }

    /// <summary>Aborts transactions that are open for too long, and fences their producers.</summary>
    public void Expire()
    {
        foreach (var entry in entries.Values.Where(entry => entry.State == TransactionState.Ongoing && time.GetUtcNow() - entry.Since >= entry.Timeout))
        {
            Fence(entry);
        }
    }

    /// <summary>Writes one marker of one decided transaction.</summary>
    /// <returns>Whether there was one to write.</returns>
    public bool WriteOneMarker()
    {
        if (entries.Values.FirstOrDefault(entry => entry.IsCompleting) is not { } entry)
        {
            return false;
        }

        var commit = entry.State == TransactionState.PrepareCommit;
        if (entry.Partitions.Count > 0)
        {
            writeMarker(entry.Partitions[0], entry.Producer, commit);
            entry.Partitions.RemoveAt(0);
        }

        if (entry.Partitions.Count == 0)
        {
            entry.State = commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort;
        }

        return true;
    }

    private static ProducerIdentity Next(ProducerIdentity producer) => producer with { Epoch = (short)(producer.Epoch + 1) };

    private static void Fence(TransactionEntry entry)
    {
        entry.Producer = Next(entry.Producer);
        entry.State = TransactionState.PrepareAbort;
    }

    private TransactionEntry Current(string id, ProducerIdentity producer) =>
        !entries.TryGetValue(id, out var entry) || entry.Producer.Id != producer.Id ? throw new KafkaModelException(InvalidProducerIdMapping, id)
        : entry.Producer.Epoch != producer.Epoch ? throw new KafkaModelException(ProducerFenced, $"{producer} has {id}, which {entry.Producer} has taken over")
        : entry;
}
