using CdcFlow.Formats;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink.Topics;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>The record that is made of a change: its parts stand in buffers that are used again for the next.</summary>
internal sealed class ChangeRecord<T> : IDisposable
    where T : class
{
    // The client takes 0 for the time of writing, and Kafka knows no time before 1970.
    private const long Earliest = 1;

    // The most that a batch of one record adds to its parts: the batch's header, and the record's own numbers.
    private const int Overhead = 61 + 36;

    private readonly IRecordEncoder<T> encoder;
    private readonly ByteBuffer key = new(256);
    private readonly ByteBuffer value = new(4096);
    private readonly PositionHeader position = new();
    private readonly MovedKey<T>? movedKey;
    private readonly KafkaHeaderName contentType = new("content-type");
    private readonly byte[] contentTypeValue;
    private IKafkaRow? row;
    private ulong transaction;
    private long timestampMs;

    public ChangeRecord(IRecordEncoder<T> encoder, RecordFormat format)
    {
        this.encoder = encoder;
        contentTypeValue = System.Text.Encoding.UTF8.GetBytes(encoder.ContentType);
        movedKey = format is RecordFormat.DebeziumJson or RecordFormat.DebeziumAvro ? new MovedKey<T>(encoder) : null;
    }

    public KafkaHeaders Headers { get; } = new();

    public bool HasKey { get; private set; }

    /// <summary>Whether the value is whole; what could not be encoded has none.</summary>
    public bool HasValue { get; private set; }

    /// <summary>When its transaction was committed, or the time that the row type chose, which is not before the first millisecond of 1970.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(timestampMs);

    /// <summary>The value, as far as there is one.</summary>
    public ReadOnlySpan<byte> Value => value.Written;

    /// <summary>The most bytes that it makes in a batch of its own.</summary>
    public int Size => Overhead + key.Length + value.Length + Headers.Size;

    /// <summary>Encodes a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="following">What comes after it in its batch.</param>
    /// <returns>Why it has no form; the record is then what there is of it.</returns>
    public CdcFlowException? Encode(in Change<T> change, ReadOnlySpan<Change<T>> following)
    {
        Begin(change);
        try
        {
            WriteKey(change);
            EncodeValue(encoder, change);
            WriteHeaders(change, following);
            return null;
        }
        catch (CdcFlowException error)
        {
            return error;
        }
    }

    /// <summary>Encodes the value, in place of that before.</summary>
    /// <exception cref="CdcFlowException">It has no form.</exception>
    public void EncodeValue(IRecordEncoder<T> encoder, in Change<T> change)
    {
        DropValue();
        encoder.WriteValue(change, value);
        HasValue = true;
    }

    /// <summary>The partition that the row type chose; null for the usual one.</summary>
    public int? ChosenPartition(BoundTopic topic) => row?.Partition(topic.Partitions);

    /// <summary>The partition by the key, or one for all keyless records of a transaction.</summary>
    public int UsualPartition(BoundTopic topic) =>
        HasKey ? Murmur2.Partition(key.Written, topic.Partitions) : Murmur2.Partition(transaction, topic.Partitions);

    /// <summary>The record as the client takes it.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="isTombstone">Whether to leave the value out.</param>
    public KafkaRecord For(BoundTopic topic, int partition, bool isTombstone = false) => new()
    {
        Topic = topic.Handle,
        Partition = partition,
        Key = key.Written,
        HasKey = HasKey,
        Value = isTombstone ? default : value.Written,
        IsTombstone = isTombstone,
        TimestampMs = timestampMs,
        Headers = Headers.All,
        HeaderBytes = Headers.Bytes,
    };

    /// <summary>Gives it the time at which the broker gets it.</summary>
    public void TakeTimeOfWriting() => timestampMs = 0;

    /// <summary>Leaves the value out: what is there of it is not whole, or too large.</summary>
    public void DropValue()
    {
        value.Clear();
        HasValue = false;
    }

    public void Dispose()
    {
        encoder.Dispose();
        key.Dispose();
        value.Dispose();
        position.Dispose();
        movedKey?.Dispose();
        Headers.Dispose();
    }

    private void Begin(in Change<T> change)
    {
        key.Clear();
        value.Clear();
        Headers.Clear();
        (HasKey, HasValue) = (false, false);
        var metadata = change.Metadata;
        row = change.Operation == Operation.Truncate ? null : change.Row as IKafkaRow;
        transaction = metadata.Origin.Transaction.Place;
        timestampMs = row?.Timestamp is { } chosen
            ? Math.Max(Earliest, chosen.ToUnixTimeMilliseconds())
            : Math.Max(0, metadata.CommittedAt.ToUnixTimeMilliseconds());
        position.AddTo(Headers, metadata);
    }

    private void WriteKey(in Change<T> change)
    {
        if (row is not null && row.TryWriteKey(key))
        {
            HasKey = true;
            return;
        }

        encoder.WriteKey(change, key);
        HasKey = key.Length > 0;
    }

    private void WriteHeaders(in Change<T> change, ReadOnlySpan<Change<T>> following)
    {
        if (contentTypeValue.Length > 0)
        {
            Headers.Value.Append(contentTypeValue);
            Headers.End(contentType, contentTypeValue.Length);
        }

        movedKey?.AddTo(Headers, change, following, key.Written);
        row?.WriteHeaders(Headers);
    }
}
