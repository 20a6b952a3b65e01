using System.Buffers.Binary;
using CdcFlow.Formats;
using CdcFlow.Formats.Records;

namespace CdcFlow.Kafka.SchemaRegistry;

/// <summary>Puts Confluent's frame before keys and values: a zero byte, the schema's id in four bytes (big-endian), then what the encoder writes
/// (<see href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format"/>).</summary>
/// <param name="inner">Writes keys and values.</param>
/// <param name="schemas">Knows the ids of the topic that is being written to.</param>
internal sealed class FramedEncoder<T>(IRecordEncoder<T> inner, TopicSchemas schemas) : IRecordEncoder<T>
    where T : class
{
    private const byte Magic = 0;
    private const int FrameLength = 1 + sizeof(int);

    /// <summary>None: readers find the schema by its id, and a media type would speak of what follows the frame.</summary>
    public string ContentType => "";

    public void WriteKey(in Change<T> change, ByteBuffer output)
    {
        var start = output.Length;
        AppendFrame(output, schemas.Ids.Key);
        inner.WriteKey(change, output);
        if (output.Length == start + FrameLength)
        {
            output.Truncate(start); // a record without a key has no frame either
        }
    }

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        AppendFrame(output, schemas.Ids.Value);
        inner.WriteValue(change, output);
    }

    public void Dispose() => inner.Dispose();

    private static void AppendFrame(ByteBuffer output, int id)
    {
        var frame = output.GetSpan(FrameLength);
        frame[0] = Magic;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], id);
        output.Advance(FrameLength);
    }
}
