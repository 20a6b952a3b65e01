using CdcFlow.Formats.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.CloudEvents;

/// <summary>CloudEvents 1.0 in structured JSON: the flat object of a JSON line as <c>data</c>.</summary>
/// <remarks>A change's id is made of its place in the source's log and its key, so a replay repeats it. A row that a snapshot reads again after a crash is
/// another event. The shape is documented in <c>docs/reference/record-formats.md</c>.</remarks>
internal sealed class CloudEventEncoder<T, TCodec>(RecordOptions options) : IRecordEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly FlatJson<T, TCodec> json = new(new TextFormatOptions { Naming = options.Naming });
    private readonly ByteBuffer idStart = new(256);
    private readonly ByteBuffer afterId = new(256);
    private readonly ByteBuffer afterType = new(256);
    private readonly ByteBuffer key = new(256);
    private ChangeOrigin? origin;

    public string ContentType => "application/cloudevents+json";

    public void WriteKey(in Change<T> change, ByteBuffer output) => json.WriteKey(change, output);

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        var metadata = change.Metadata;
        if (!ReferenceEquals(origin, metadata.Origin))
        {
            Encode(metadata.Origin);
        }

        output.Append(idStart.Written);
        output.AppendText(metadata.Event);
        output.Append((byte)'/');
        output.AppendText(metadata.Row);
        AppendKey(change, output);
        output.Append(afterId.Written);
        output.Append(EventType.Of(change.Operation));
        output.Append(afterType.Written);
        json.Write(change, output);
        output.Append((byte)'}');
    }

    public void Dispose()
    {
        json.Dispose();
        idStart.Dispose();
        afterId.Dispose();
        afterType.Dispose();
        key.Dispose();
    }

    // A fan-out makes several rows out of one change; their keys tell them apart.
    private void AppendKey(in Change<T> change, ByteBuffer output)
    {
        key.Clear();
        json.WriteKey(change, key);
        if (key.Length > 0)
        {
            output.Append((byte)'/');
            JsonText.AppendJson(output, key.Written);
        }
    }

    private void Encode(ChangeOrigin next)
    {
        idStart.Clear();
        idStart.Append("{\"specversion\":\"1.0\",\"id\":"u8);
        JsonText.Append(idStart, $"{options.Pipeline}/{next.Table.Source}/{next.Table.Id}/{next.Transaction.Place:X16}/");
        idStart.Truncate(idStart.Length - 1); // the string goes on

        afterId.Clear();
        afterId.Append("\",\"source\":"u8);
        JsonText.Append(afterId, $"/cdcflow/{Uri.EscapeDataString(options.Pipeline)}/{Uri.EscapeDataString(next.Table.Source)}");
        afterId.Append(",\"type\":\""u8);

        afterType.Clear();
        afterType.Append("\",\"subject\":"u8);
        JsonText.Append(afterType, next.Table.Id.ToString());
        afterType.Append(",\"time\":"u8);
        JsonValue.Append(afterType, next.Transaction.CommittedAt);
        afterType.Append(",\"datacontenttype\":\"application/json\",\"data\":"u8);
        origin = next;
    }
}
