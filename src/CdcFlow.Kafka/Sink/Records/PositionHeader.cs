using System.Text;
using CdcFlow.Formats;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>The header that says where a record's change stands in its source's log: the same on every replay, so that readers can audit and drop doubles.</summary>
/// <remarks><c>source/transaction/event/row</c>, the transaction as 16 hexadecimal digits: of one source, the order of texts of one length is the log's.</remarks>
internal sealed class PositionHeader : IDisposable
{
    public const string Name = "cdc-pos";

    private readonly KafkaHeaderName name = new(Name);
    private readonly ByteBuffer prefix = new(64);
    private ChangeOrigin? origin;

    public void AddTo(KafkaHeaders headers, ChangeMetadata metadata)
    {
        if (!ReferenceEquals(origin, metadata.Origin))
        {
            Encode(metadata.Origin);
        }

        var value = headers.Value;
        var start = value.Length;
        value.Append(prefix.Written);
        value.AppendText(metadata.Event);
        value.Append((byte)'/');
        value.AppendText(metadata.Row);
        headers.End(name, value.Length - start);
    }

    public void Dispose() => prefix.Dispose();

    private void Encode(ChangeOrigin next)
    {
        prefix.Clear();
        var length = Encoding.UTF8.GetBytes(next.Table.Source, prefix.GetSpan(Encoding.UTF8.GetMaxByteCount(next.Table.Source.Length)));
        prefix.Advance(length);
        prefix.Append((byte)'/');
        prefix.AppendText(next.Transaction.Place, "X16");
        prefix.Append((byte)'/');
        origin = next;
    }
}
