using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Records;

namespace CdcFlow.Formats.Avro;

/// <summary>The parts of an envelope that many changes share, encoded when a change comes that they do not fit.</summary>
internal sealed class AvroEnvelopeParts(RecordOptions options) : IDisposable
{
    private readonly AvroSchema sourceSchema = AvroFromConnect.Of(SourceBlock.SchemaOf(options.Debezium.Shape, options.Connector));
    private readonly bool isOlder = options.Debezium.Shape == DebeziumShape.Debezium19;
    private readonly ProcessingTime time = new(options.Clock);
    private readonly ByteBuffer json = new(1024);
    private readonly ByteBuffer before = new(512);
    private readonly ByteBuffer after = new(64);
    private SourceBlock? block;
    private ChangeOrigin? origin;
    private bool isRead;

    /// <summary>From <c>source</c> to right before <c>op</c>.</summary>
    public ReadOnlySpan<byte> BeforeOperation => before.Written;

    /// <summary>From right after <c>op</c> to the envelope's end.</summary>
    public ReadOnlySpan<byte> AfterOperation => after.Written;

    /// <summary>Makes the parts fit a change.</summary>
    public void Turn(ChangeOrigin next, bool nextIsRead)
    {
        var isOther = !ReferenceEquals(origin, next) || isRead != nextIsRead;
        if (isOther)
        {
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
        json.Dispose();
        before.Dispose();
        after.Dispose();
    }

    private void EncodeSource(ChangeOrigin next, bool nextIsRead)
    {
        var facts = new SourceFacts(next, DebeziumSchemas.ServerName(options, next), nextIsRead);
        if (block is null || !block.Fits(next))
        {
            block = new SourceBlock(options.Debezium.Shape, options.Connector, facts);
        }

        json.Clear();
        block.Append(json, facts);
        before.Clear();
        AvroFromJson.Append(before, sourceSchema, json.Written);
        if (!isOlder)
        {
            before.Append(AvroBinary.FirstBranch); // no transaction
        }
    }

    private void EncodeTimes()
    {
        after.Clear();
        Append(time.UnixTicks / TimeSpan.TicksPerMillisecond);
        if (isOlder)
        {
            after.Append(AvroBinary.FirstBranch); // no transaction
            return;
        }

        Append(time.UnixTicks / TimeSpan.TicksPerMicrosecond);
        Append(time.UnixTicks * TimeSpan.NanosecondsPerTick);
    }

    private void Append(long value)
    {
        after.Append(AvroBinary.SecondBranch);
        AvroBinary.Append(after, value);
    }
}
