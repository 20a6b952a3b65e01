using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Records;

namespace CdcFlow.Formats.Debezium;

/// <summary>The parts of records that many changes share, encoded when a change comes that they do not fit.</summary>
internal sealed class EnvelopeParts(RecordOptions options, DebeziumColumns columns) : IDisposable
{
    // One reading of the clock serves a transaction's changes, but no more of them than are encoded within about a millisecond.
    private const int ChangesPerReading = 1024;

    private readonly DebeziumOptions debezium = options.Debezium;
    private readonly ByteBuffer beforeKey = new(256);
    private readonly ByteBuffer beforeValue = new(256);
    private readonly ByteBuffer source = new(1024);
    private readonly ByteBuffer times = new(256);
    private SourceBlock? block;
    private ChangeOrigin? origin;
    private bool isRead;
    private int changesLeft;

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
        if (!ReferenceEquals(origin, next) || isRead != nextIsRead)
        {
            Describe(next);
            EncodeSource(next, nextIsRead);
            (origin, isRead, changesLeft) = (next, nextIsRead, 0);
        }

        if (changesLeft-- == 0)
        {
            EncodeTimes();
            changesLeft = ChangesPerReading;
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
        if (block is not null && origin is not null
            && origin.Table == next.Table && origin.Source == next.Source && origin.Connector == next.Connector && origin.Database == next.Database)
        {
            return;
        }

        block = new SourceBlock(debezium.Shape, Facts(next, isSnapshot: false));
        if (debezium.Schemas)
        {
            var prefix = DebeziumSchemas.Prefix(options, next);
            EncodeSchema(beforeKey, DebeziumSchemas.Key(columns, prefix));
            EncodeSchema(beforeValue, DebeziumSchemas.Value(columns, debezium.Shape, prefix, block));
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
        var ticks = options.Clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
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
