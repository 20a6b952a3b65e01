using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Records;

namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>What an envelope has beside its row images: source, transaction, operation and times. What many changes share is encoded when a change comes
/// that it does not fit.</summary>
/// <param name="options">What the user chose.</param>
/// <param name="writer">How it is spelled.</param>
/// <param name="connector">The kind of source whose members <c>source</c> has; null: that of the change.</param>
internal sealed class EnvelopeParts(RecordOptions options, IEnvelopeWriter writer, string? connector = null) : IDisposable
{
    private static readonly ConnectSchema time = new(ConnectType.Int64) { IsOptional = true };
    private static readonly ConnectSchema required = new(ConnectType.Struct);

    private readonly DebeziumShape shape = options.Debezium.Shape;
    private readonly EnvelopeTemplate beforeLetter = new();
    private readonly EnvelopeTemplate afterLetter = new();
    private readonly ProcessingTime processing = new(options.Clock);
    private SourceBlock? block;
    private ChangeOrigin? origin;
    private bool isRead;
    private bool isOrdered;

    /// <summary>The fields that follow the row images, in order.</summary>
    public static IEnumerable<ConnectField> FieldsOf(DebeziumShape shape, string connector)
    {
        ConnectField source = new("source", SourceBlock.SchemaOf(shape, connector)), transaction = new("transaction", TransactionBlock.SchemaOf(shape));
        ConnectField operation = new("op", new(ConnectType.String)), milliseconds = new("ts_ms", time);
        return shape == DebeziumShape.Debezium19
            ? [source, operation, milliseconds, transaction]
            : [source, transaction, operation, milliseconds, new("ts_us", time), new("ts_ns", time)];
    }

    /// <summary>Appends all that follows the row images.</summary>
    public void Append(ByteBuffer output, Operation operation, in ChangeMetadata change)
    {
        Turn(change, operation == Operation.SnapshotRead);
        beforeLetter.Append(output, change);
        output.Append(OperationLetter.Of(operation));
        afterLetter.Append(output, change);
    }

    public void Dispose()
    {
        beforeLetter.Dispose();
        afterLetter.Dispose();
    }

    private void Turn(in ChangeMetadata next, bool nextIsRead)
    {
        var isOther = !ReferenceEquals(origin, next.Origin) || isRead != nextIsRead || isOrdered != next.Order.IsKnown;
        if (isOther)
        {
            (origin, isRead, isOrdered) = (next.Origin, nextIsRead, next.Order.IsKnown);
            EncodeBefore(next.Origin);
        }

        if (processing.Advance(isOther))
        {
            EncodeAfter(next.Origin);
        }
    }

    private void EncodeBefore(ChangeOrigin next)
    {
        var facts = new SourceFacts(next, DebeziumSchemas.ServerName(options, next), isRead);
        if (block is null || !block.Fits(next))
        {
            block = new SourceBlock(writer, shape, connector ?? next.Table.Connector, facts);
        }

        beforeLetter.Clear();
        writer.Name(beforeLetter, "source"u8);
        var begin = writer.Begin(beforeLetter, required);
        block.Append(beforeLetter, facts);
        writer.End(beforeLetter, begin);
        if (shape != DebeziumShape.Debezium19)
        {
            AppendTransaction(beforeLetter, next);
        }

        writer.Name(beforeLetter, "op"u8);
        writer.BeforeLetter(beforeLetter);
    }

    private void EncodeAfter(ChangeOrigin next)
    {
        afterLetter.Clear();
        writer.AfterLetter(afterLetter);
        AppendTime("ts_ms"u8, processing.UnixTicks / TimeSpan.TicksPerMillisecond);
        if (shape == DebeziumShape.Debezium19)
        {
            AppendTransaction(afterLetter, next);
            return;
        }

        AppendTime("ts_us"u8, processing.UnixTicks / TimeSpan.TicksPerMicrosecond);
        AppendTime("ts_ns"u8, SourceFacts.Nanoseconds(processing.UnixTicks));
    }

    private void AppendTransaction(EnvelopeTemplate to, ChangeOrigin next) =>
        TransactionBlock.Append(writer, to, shape, options.Debezium.TransactionMetadata && isOrdered ? next.Transaction.Name : null);

    private void AppendTime(ReadOnlySpan<byte> name, long value)
    {
        writer.Name(afterLetter, name);
        writer.Number(afterLetter, time, value);
    }
}
