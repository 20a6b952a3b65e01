using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Records;

namespace CdcFlow.Formats.Debezium;

/// <summary>The parts of records that many changes share, encoded when a change comes that they do not fit.</summary>
internal sealed class EnvelopeParts(RecordOptions options, DebeziumColumns columns) : IDisposable
{
    private readonly DebeziumOptions debezium = options.Debezium;
    private readonly ByteBuffer beforeKey = new(256);
    private readonly ByteBuffer beforeValue = new(256);
    private readonly ByteBuffer source = new(1024);
    private readonly ByteBuffer times = new(256);
    private readonly ProcessingTime time = new(options.Clock);
    private SourceBlock? block;
    private ChangeOrigin? origin;
    private bool isRead;

    /// <summary>The key's schema, where schemas are embedded.</summary>
    public ReadOnlySpan<byte> BeforeKey => beforeKey.Written;

    /// <summary>The envelope's schema, where schemas are embedded.</summary>
    public ReadOnlySpan<byte> BeforeValue => beforeValue.Written;

    /// <summary>What ends a record with an embedded schema.</summary>
    public ReadOnlySpan<byte> AfterPayload => debezium.Schemas ? "}"u8 : [];

    /// <summary>From <c>source</c> to right before the operation's letter.</summary>
    public ReadOnlySpan<byte> Source => source.Written;

    /// <summary>From right after the operation's letter to the envelope's end.</summary>
    public ReadOnlySpan<byte> Times => times.Written;

    /// <summary>Makes the parts fit a change.</summary>
    public void Turn(ChangeOrigin next, bool nextIsRead)
    {
        var isOther = !ReferenceEquals(origin, next) || isRead != nextIsRead;
        if (isOther)
        {
            Describe(next);
            EncodeSource(next, nextIsRead);
            (origin, isRead) = (next, nextIsRead);
        }

        if (time.Advance(isOther))
        {
            EncodeTimes();
        }
    }

    public void Dispose()
    {
        beforeKey.Dispose();
        beforeValue.Dispose();
        source.Dispose();
        times.Dispose();
    }

    /// <summary>What depends on the table alone.</summary>
    private void Describe(ChangeOrigin next)
    {
        if (block is not null && block.Fits(next))
        {
            return;
        }

        block = new SourceBlock(debezium.Shape, next.Connector, Facts(next, isSnapshot: false));
        if (debezium.Schemas)
        {
            var prefix = DebeziumSchemas.Prefix(options, next);
            EncodeSchema(beforeKey, DebeziumSchemas.Key(columns, prefix));
            EncodeSchema(beforeValue, DebeziumSchemas.Value(columns, debezium.Shape, prefix, next.Connector));
        }
    }

    private static void EncodeSchema(ByteBuffer part, ConnectSchema schema)
    {
        part.Clear();
        part.Append("{\"schema\":"u8);
        ConnectSchemaJson.Append(part, schema);
        part.Append(",\"payload\":"u8);
    }

    private void EncodeSource(ChangeOrigin next, bool nextIsRead)
    {
        source.Clear();
        source.Append(",\"source\":"u8);
        block!.Append(source, Facts(next, nextIsRead));
        source.Append(debezium.Shape == DebeziumShape.Debezium19 ? ",\"op\":\""u8 : ",\"transaction\":null,\"op\":\""u8);
    }

    private SourceFacts Facts(ChangeOrigin next, bool isSnapshot) => new(next, DebeziumSchemas.ServerName(options, next), isSnapshot);

    private void EncodeTimes()
    {
        var ticks = time.UnixTicks;
        times.Clear();
        times.Append("\",\"ts_ms\":"u8);
        times.AppendText(ticks / TimeSpan.TicksPerMillisecond);
        if (debezium.Shape == DebeziumShape.Debezium19)
        {
            times.Append(",\"transaction\":null}"u8);
            return;
        }

        times.Append(",\"ts_us\":"u8);
        times.AppendText(ticks / TimeSpan.TicksPerMicrosecond);
        times.Append(",\"ts_ns\":"u8);
        times.AppendText(ticks * TimeSpan.NanosecondsPerTick);
        times.Append((byte)'}');
    }
}
