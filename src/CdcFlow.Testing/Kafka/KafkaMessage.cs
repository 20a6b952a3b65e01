namespace CdcFlow.Testing.Kafka;

/// <summary>A record as a producer sends it.</summary>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
/// <param name="Headers">Its headers, in order; a name may repeat.</param>
/// <param name="TimestampMs">Milliseconds since 1970.</param>
public sealed record KafkaMessage(byte[]? Key, byte[]? Value, IReadOnlyList<MessageHeader> Headers, long TimestampMs)
{
    // What a batch of one adds to the bytes of key, value and headers: its own header, and lengths and deltas of the record.
    private const int Overhead = 70;

    /// <summary>About how many bytes a batch with this record alone has.</summary>
    public int SizeInBatch => Overhead + (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Sum(header => header.Name.Length + (header.Value?.Length ?? 0) + 2);
}

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, which may be null.</param>
public sealed record MessageHeader(string Name, byte[]? Value);

/// <summary>A record in a partition's log.</summary>
/// <param name="Offset">Its place in the log.</param>
/// <param name="Producer">Who wrote it.</param>
/// <param name="Message">What was written.</param>
public sealed record LoggedMessage(long Offset, ProducerIdentity Producer, KafkaMessage Message);
