using System.Globalization;

namespace CdcFlow.Kafka.Client;

/// <summary>What a producer is opened with.</summary>
/// <param name="TransactionalId">Its transactional id; null for a producer that is idempotent only.</param>
/// <param name="TransactionTimeout">When the broker aborts a transaction by itself, and how long a record may take to be acknowledged.
/// 1 s up to the broker's <c>transaction.max.timeout.ms</c>.</param>
internal sealed record ProducerOptions(string? TransactionalId, TimeSpan TransactionTimeout)
{
    // What librdkafka keeps for a record besides its bytes is about this much, and does not count against its own limit of bytes.
    private const int RecordOverhead = 256;

    /// <summary>What librdkafka sends by itself: a little less than topics take by themselves.</summary>
    public const int RecordBytesByDefault = 1_000_000;

    internal const string CompressionSetting = "compression.codec";

    public KafkaCompression Compression { get; init; } = KafkaCompression.Lz4;

    /// <summary>A record larger than this is <see cref="ProduceResult.TooLarge"/>; batches are no larger either. 1,000 to 100,000,000.</summary>
    public int RecordBytes { get; init; } = RecordBytesByDefault;

    /// <summary>How many bytes of records may wait to be acknowledged.</summary>
    public int QueueBytes { get; init; } = 32 << 20;

    /// <summary>How long a record may wait for others of its partition; a flush does not wait.</summary>
    /// <remarks>Long in transactions, whose readers wait for the commit anyway: librdkafka sends one batch per partition at a time, and spins
    /// while a record has waited for longer than this behind one that is on its way. Outside transactions it sends several, and sleeps.</remarks>
    public TimeSpan Linger { get; init; } = TransactionalId is null ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1);

    /// <summary>Whether records go through the package's own Produce also where its handle can be used.</summary>
    internal bool UsesPackageProduce { get; init; }

    /// <summary>librdkafka's names for all that.</summary>
    /// <param name="timeout">How long a request is tried.</param>
    internal Dictionary<string, string> Settings(TimeSpan timeout)
    {
        Dictionary<string, string> settings = new()
        {
            ["enable.idempotence"] = "true",
            [CompressionSetting] = Compression.ToString().ToLowerInvariant(),
            ["message.max.bytes"] = Text(RecordBytes),
            // Larger records go alone: batches of the others must fit the connection's topics that take no more than usual, the marker's among them.
            ["batch.size"] = Text(Math.Min(RecordBytes, RecordBytesByDefault)),
            ["queue.buffering.max.kbytes"] = Text((Math.Max(QueueBytes, RecordBytes) / 1024) + 1),
            ["queue.buffering.max.messages"] = Text(Math.Max(1, QueueBytes / RecordOverhead)),
            ["linger.ms"] = Text((long)Math.Min(Linger.TotalMilliseconds, TransactionTimeout.TotalMilliseconds / 2)), // must be less than how long a record may take
            ["message.timeout.ms"] = Text((long)TransactionTimeout.TotalMilliseconds),
            ["socket.timeout.ms"] = Text((long)Math.Min(timeout.TotalMilliseconds, TransactionTimeout.TotalMilliseconds * 0.8)),
        };
        if (TransactionalId is null)
        {
            settings["dotnet.producer.delivery.report.fields"] = "none"; // each has its error, topic and partition anyway
        }
        else
        {
            settings["dotnet.producer.enable.delivery.reports"] = "false"; // the transaction tells
            settings["dotnet.producer.enable.background.poll"] = "false"; // a thread more, which takes 100 ms to end
            settings["transactional.id"] = TransactionalId;
            settings["transaction.timeout.ms"] = Text((long)TransactionTimeout.TotalMilliseconds);
        }

        return settings;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
