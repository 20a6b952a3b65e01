using System.Text;
using CdcFlow.Formats;
using CdcFlow.Formats.Json;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Rejects;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>The dead letter that is made of a change which a node before the sink has rejected: its row has not come as far as to be a record.</summary>
/// <remarks>The record has the time of its writing, since a topic may refuse another.</remarks>
internal sealed class RejectRecord(string pipeline, string sink) : IDisposable
{
    private readonly ByteBuffer key = new(256);
    private readonly ByteBuffer value = new(4096);
    private readonly KafkaHeaders headers = new();
    private RejectedChange rejected = null!;

    /// <summary>Whether there is a key.</summary>
    public bool HasKey => rejected.Key is not null;

    /// <summary>Makes it.</summary>
    public void Encode(RejectedChange change)
    {
        rejected = change;
        key.Clear();
        headers.Clear();
        Append(key, change.Key ?? "");
        headers.Add(DeadLetterOffice.Code, change.Code);
        headers.Add(DeadLetterOffice.Cause, change.Cause);
        headers.Add("cdc-node", change.Node);
        EncodeValue(isWhole: true);
    }

    /// <summary>Leaves the row out, which makes it too large.</summary>
    public void DropRow() => EncodeValue(isWhole: false);

    /// <summary>The record as the client takes it.</summary>
    public KafkaRecord For(BoundTopic letters) => new()
    {
        Topic = letters.Handle,
        Partition = HasKey ? Murmur2.Partition(key.Written, letters.Partitions) : Murmur2.Partition(rejected.Metadata.Origin.Transaction.Place, letters.Partitions),
        Key = key.Written,
        HasKey = HasKey,
        Value = value.Written,
        Headers = headers.All,
        HeaderBytes = headers.Bytes,
    };

    /// <summary>About how many bytes it has.</summary>
    public int Size => key.Length + value.Length + headers.Size;

    public void Dispose()
    {
        key.Dispose();
        value.Dispose();
        headers.Dispose();
    }

    private void EncodeValue(bool isWhole)
    {
        value.Clear();
        RejectJson.Write(value, pipeline, sink, rejected, isWhole);
    }

    private static void Append(ByteBuffer output, string text) => output.Append(Encoding.UTF8.GetBytes(text));
}
