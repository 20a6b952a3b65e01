using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>Debezium's envelope in Avro, as Confluent's converter writes it; keys as records of the key's columns.</summary>
internal sealed class DebeziumAvroEncoder<T, TCodec>(RecordOptions options) : IRecordEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly AvroColumns columns = AvroColumns.OfDebezium(TCodec.Schema, options.Naming, options.Debezium);
    private readonly AvroColumns keyColumns = AvroColumns.OfDebeziumKey(TCodec.Schema, options.Naming, options.Debezium);
    private readonly AvroEnvelopeParts parts = new(options);
    private readonly ByteBuffer json = new(256);

    public string ContentType => "";

    public void WriteKey(in Change<T> change, ByteBuffer output)
    {
        if (TCodec.Schema.KeyColumns.Count > 0 && change.Operation != Operation.Truncate)
        {
            var writer = new AvroRowWriter(output, keyColumns, unchanged: null, json);
            TCodec.WriteKey(change.Row, ref writer);
        }
    }

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        parts.Turn(change.Metadata.Origin, change.Operation == Operation.SnapshotRead);
        WriteImage(change.Before, unchanged: null, change.BeforeState == BeforeState.KeyOnly, output);
        WriteImage(change.After, change.Unchanged, isKeyOnly: false, output);
        output.Append(parts.BeforeOperation);
        AvroBinary.Append(output, [OperationLetter.Of(change.Operation)]);
        output.Append(parts.AfterOperation);
    }

    public void Dispose()
    {
        parts.Dispose();
        json.Dispose();
    }

    private void WriteImage(T? row, ColumnSet? unchanged, bool isKeyOnly, ByteBuffer output)
    {
        if (row is null)
        {
            output.Append(AvroBinary.FirstBranch);
            return;
        }

        output.Append(AvroBinary.SecondBranch);
        var writer = new AvroRowWriter(output, columns, unchanged, json);
        if (isKeyOnly)
        {
            TCodec.WriteKey(row, ref writer);
        }
        else
        {
            TCodec.Write(row, ref writer);
        }

        writer.End();
    }
}
