namespace CdcFlow.Testing.Kafka;

/// <summary>What a partition remembers of a producer: enough to know a batch that comes again, and one that does not follow.</summary>
internal sealed class ProducerEntry
{
    // As many as a producer may have under way.
    private const int BatchesKept = 5;

    private readonly Queue<(int First, int Last, long Offset)> batches = [];
    private int lastSequence = -1;

    public short Epoch { get; private set; }

    /// <summary>Where its open transaction begins in this partition; null when it has none.</summary>
    public long? OpenFrom { get; set; }

    /// <summary>Accepts a batch, or finds that it was accepted before.</summary>
    /// <param name="producer">Who sends.</param>
    /// <param name="first">The sequence number of its first record.</param>
    /// <param name="count">How many records.</param>
    /// <param name="offset">Where it would be appended.</param>
    /// <param name="about">The partition, for messages.</param>
    /// <returns>Where the batch was appended before; null when it is new.</returns>
    public long? Accept(ProducerIdentity producer, int first, int count, long offset, KafkaPartition about)
    {
        RequireCurrent(producer, about);
        if (producer.Epoch > Epoch)
        {
            Renew(producer.Epoch);
        }

        foreach (var batch in batches)
        {
            if (batch.First == first && batch.Last == first + count - 1)
            {
                return batch.Offset;
            }
        }

        if (first != lastSequence + 1)
        {
            throw new KafkaModelException(KafkaError.OutOfOrderSequenceNumber, $"{producer} sent {first} after {lastSequence} to {about}");
        }

        lastSequence = first + count - 1;
        batches.Enqueue((first, lastSequence, offset));
        if (batches.Count > BatchesKept)
        {
            batches.Dequeue();
        }

        return null;
    }

    /// <summary>A marker has ended its transaction here; a coordinator that fences writes it with a higher epoch.</summary>
    public void End(short epoch)
    {
        OpenFrom = null;
        if (epoch > Epoch)
        {
            Renew(epoch);
        }
    }

    private void RequireCurrent(ProducerIdentity producer, KafkaPartition about)
    {
        if (producer.Epoch < Epoch)
        {
            throw new KafkaModelException(KafkaError.InvalidProducerEpoch, $"{producer} wrote to {about}, where epoch {Epoch} is");
        }
    }

    private void Renew(short epoch)
    {
        Epoch = epoch;
        lastSequence = -1;
        batches.Clear();
    }
}
