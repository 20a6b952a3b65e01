using CdcFlow.Formats.Debezium.Envelope;
using CdcFlow.Formats.Json;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Debezium;

/// <summary>Debezium's envelope in JSON, member by member in its order; keys as objects of the key's columns.</summary>
/// <remarks>What a transaction's changes share is encoded once. The shape is documented in <c>docs/reference/record-formats.md</c>.</remarks>
internal sealed class DebeziumEncoder<T, TCodec> : IRecordEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly DebeziumColumns columns;
    private readonly EnvelopeParts parts;
    private readonly EmbeddedSchemas? schemas;

    public DebeziumEncoder(RecordOptions options)
    {
        columns = new DebeziumColumns(TCodec.Schema, options.Naming, options.Debezium);
        parts = new EnvelopeParts(options, new JsonEnvelopeWriter());
        schemas = options.Debezium.Schemas ? new EmbeddedSchemas(options, columns) : null;
        FieldNames.RefuseTaken(TCodec.Schema.RowType, columns.Fields.Select(field => field.Name), []);
    }

    public string ContentType => "application/json";

    public void WriteKey(in Change<T> change, ByteBuffer output)
    {
        if (TCodec.Schema.KeyColumns.Count == 0 || change.Operation == Operation.Truncate)
        {
            return;
        }

        if (schemas is not null)
        {
            output.Append(schemas.BeforeKey(change.Metadata.Origin));
        }

        var start = output.Length;
        var writer = new DebeziumRowWriter(output, columns, skipped: null, isKeyOnly: false);
        try
        {
            TCodec.WriteKey(change.Row, ref writer);
        }
        catch (CdcFlowException error)
        {
            throw FormatErrors.In(TCodec.Schema, writer.Column, error);
        }

        JsonMembers.Enclose(output, start, '{', '}');
        if (schemas is not null)
        {
            output.Append((byte)'}');
        }
    }

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        var metadata = change.Metadata;
        if (schemas is not null)
        {
            output.Append(schemas.BeforeValue(metadata.Origin));
        }

        output.Append("{\"before\":"u8);
        var isKeyOnly = change.BeforeState == BeforeState.KeyOnly;
        WriteImage(change.Before, isKeyOnly ? columns.NotKey : null, isKeyOnly, output);
        output.Append(",\"after\":"u8);
        WriteImage(change.After, change.Missing, isKeyOnly: false, output);
        parts.Append(output, change.Operation, metadata);
        output.Append(schemas is null ? "}"u8 : "}}"u8);
    }

    public void Dispose()
    {
        parts.Dispose();
        schemas?.Dispose();
    }

    private void WriteImage(T? row, ColumnSet? skipped, bool isKeyOnly, ByteBuffer output)
    {
        if (row is null)
        {
            output.Append("null"u8);
            return;
        }

        var start = output.Length;
        var writer = new DebeziumRowWriter(output, columns, skipped, isKeyOnly);
        try
        {
            TCodec.Write(row, ref writer);
        }
        catch (CdcFlowException error)
        {
            throw FormatErrors.In(TCodec.Schema, writer.Column, error);
        }

        JsonMembers.Enclose(output, start, '{', '}');
    }
}
