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

    public DebeziumEncoder(RecordOptions options)
    {
        columns = new DebeziumColumns(TCodec.Schema, options.Naming, options.Debezium);
        parts = new EnvelopeParts(options, columns);
        FieldNames.RefuseTaken(TCodec.Schema.RowType, columns.Fields.Select(field => field.Name), []);
    }

    public string ContentType => "application/json";

    public void WriteKey(in Change<T> change, ByteBuffer output)
    {
        if (TCodec.Schema.KeyColumns.Count == 0 || change.Operation == Operation.Truncate)
        {
            return;
        }

        parts.Turn(change.Metadata.Origin, change.Operation == Operation.SnapshotRead);
        output.Append(parts.BeforeKey);
        var start = output.Length;
        var writer = new DebeziumRowWriter(output, columns, skipped: null, isKeyOnly: false);
        TCodec.WriteKey(change.Row, ref writer);
        JsonMembers.Enclose(output, start, '{', '}');
        output.Append(parts.AfterPayload);
    }

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        parts.Turn(change.Metadata.Origin, change.Operation == Operation.SnapshotRead);
        output.Append(parts.BeforeValue);
        output.Append("{\"before\":"u8);
        var isKeyOnly = change.BeforeState == BeforeState.KeyOnly;
        WriteImage(change.Before, isKeyOnly ? columns.NotKey : null, isKeyOnly, output);
        output.Append(",\"after\":"u8);
        WriteImage(change.After, change.Unchanged, isKeyOnly: false, output);
        output.Append(parts.Source);
        output.Append(OperationLetter.Of(change.Operation));
        output.Append(parts.Times);
        output.Append(parts.AfterPayload);
    }

    public void Dispose() => parts.Dispose();

    private void WriteImage(T? row, ColumnSet? skipped, bool isKeyOnly, ByteBuffer output)
    {
        if (row is null)
        {
            output.Append("null"u8);
            return;
        }

        var start = output.Length;
        var writer = new DebeziumRowWriter(output, columns, skipped, isKeyOnly);
        TCodec.Write(row, ref writer);
        JsonMembers.Enclose(output, start, '{', '}');
    }
}
