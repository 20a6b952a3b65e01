using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Debezium.Envelope;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>Debezium's envelope in Avro, as Confluent's converter writes it; keys as records of the key's columns.</summary>
internal sealed class DebeziumAvroEncoder<T, TCodec>(RecordOptions options) : IRecordEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly AvroColumns columns = AvroColumns.OfDebezium(TCodec.Schema, options.Naming, options.Debezium);
    private readonly AvroKeyEncoder<T, TCodec> keys = new(AvroColumns.OfDebeziumKey(TCodec.Schema, options.Naming, options.Debezium));
    private readonly EnvelopeParts parts = new(options, new AvroEnvelopeWriter(), DebeziumSchemas.RegisteredConnector);
    private readonly ByteBuffer json = new(256);

    public string ContentType => "";

    public void WriteKey(in Change<T> change, ByteBuffer output) => keys.Write(change, output, json);

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        WriteImage(change.Before, missing: null, change.BeforeState == BeforeState.KeyOnly, output);
        WriteImage(change.After, change.Missing, isKeyOnly: false, output);
        parts.Append(output, change.Operation, change.Metadata);
    }

    public void Dispose()
    {
        parts.Dispose();
        json.Dispose();
    }

    private void WriteImage(T? row, ColumnSet? missing, bool isKeyOnly, ByteBuffer output)
    {
        if (row is null)
        {
            output.Append(AvroBinary.FirstBranch);
            return;
        }

        output.Append(AvroBinary.SecondBranch);
        var writer = new AvroRowWriter(output, columns, missing, json);
        try
        {
            if (isKeyOnly)
            {
                TCodec.WriteKey(row, ref writer);
            }
            else
            {
                TCodec.Write(row, ref writer);
            }
        }
        catch (CdcFlowException error)
        {
            throw FormatErrors.In(TCodec.Schema, writer.Column, error);
        }

        writer.End();
    }
}
