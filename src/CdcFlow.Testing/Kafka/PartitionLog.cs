namespace CdcFlow.Testing.Kafka;

/// <summary>One partition: its log, and what it knows of the producers that write to it.</summary>
/// <remarks>Every acknowledged record is replicated, so the log's end is its high watermark.</remarks>
internal sealed class PartitionLog(KafkaPartition name)
{
    private readonly List<LogEntry> entries = [];
    private readonly Dictionary<long, ProducerEntry> producers = [];

    /// <summary>The offset of the next record.</summary>
    public long HighWatermark { get; private set; }

    /// <summary>The offset of the oldest record that may be left.</summary>
    public long LogStart { get; private set; }

    /// <summary>Where the oldest open transaction begins; what readers of committed records come to.</summary>
    public long LastStableOffset => producers.Values.Min(producer => producer.OpenFrom) ?? HighWatermark;

    /// <summary>Appends a batch, unless it was appended before.</summary>
    /// <returns>The offset of its first record.</returns>
    public long Append(ProducerIdentity producer, bool isTransactional, int firstSequence, IReadOnlyList<KafkaMessage> batch)
    {
        if (!producers.TryGetValue(producer.Id, out var entry))
        {
            producers.Add(producer.Id, entry = new ProducerEntry());
        }

        if (entry.Accept(producer, firstSequence, batch.Count, HighWatermark, name) is { } before)
        {
            return before;
        }

        var first = HighWatermark;
        if (isTransactional)
        {
            entry.OpenFrom ??= first;
        }

        foreach (var message in batch)
        {
            entries.Add(new LogEntry(HighWatermark++, producer, message) { Fate = isTransactional ? Fate.Open : Fate.Committed });
        }

        return first;
    }

    /// <summary>Writes the marker that ends a producer's transaction here.</summary>
    public void End(ProducerIdentity producer, bool commit)
    {
        foreach (var entry in entries.Where(entry => entry.Fate == Fate.Open && entry.Producer.Id == producer.Id))
        {
            entry.Fate = commit ? Fate.Committed : Fate.Aborted;
        }

        entries.Add(new LogEntry(HighWatermark++, producer, Message: null) { Fate = Fate.Committed });
        if (producers.TryGetValue(producer.Id, out var known))
        {
            known.End(producer.Epoch);
        }
    }

    /// <summary>The records from one offset up to another, at most as far as the isolation lets a reader see.</summary>
    public IReadOnlyList<LoggedMessage> Read(long from, long to, bool committedOnly)
    {
        var end = Math.Min(to, committedOnly ? LastStableOffset : HighWatermark);
        return
        [
            .. entries.Where(entry => entry.Offset >= from && entry.Offset < end && entry.Message is not null && !(committedOnly && entry.Fate == Fate.Aborted))
                .Select(entry => new LoggedMessage(entry.Offset, entry.Producer, entry.Message!)),
        ];
    }

    /// <summary>Of the committed records of a key keeps the last, and forgets aborted ones; keyless records and what is open stay.</summary>
    public void Compact()
    {
        var stable = LastStableOffset;
        var last = entries.Where(entry => entry.Offset < stable && entry.Fate == Fate.Committed && entry.Message?.Key is not null)
            .ToLookup(entry => Convert.ToBase64String(entry.Message!.Key!), entry => entry.Offset)
            .ToDictionary(offsets => offsets.Key, offsets => offsets.Max());
        entries.RemoveAll(entry => entry.Offset < stable && entry.Message is { } message
            && (entry.Fate == Fate.Aborted || (message.Key is { } key && last[Convert.ToBase64String(key)] != entry.Offset)));
    }

    /// <summary>Forgets everything before an offset, as retention does.</summary>
    public void DeleteBefore(long offset)
    {
        LogStart = Math.Max(LogStart, Math.Min(offset, HighWatermark));
        entries.RemoveAll(entry => entry.Offset < LogStart);
    }
}
