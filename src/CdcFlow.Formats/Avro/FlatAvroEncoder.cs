using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>Flat Avro records: the operation, the columns, then where the change comes from, as the flat JSON has them.</summary>
internal sealed class FlatAvroEncoder<T, TCodec> : IRecordEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly AvroColumns columns;
    private readonly AvroKeyEncoder<T, TCodec> keys;
    private readonly ByteBuffer originBytes = new(256);
    private readonly ByteBuffer json = new(256);
    private ChangeOrigin? origin;

    public FlatAvroEncoder(RecordOptions options)
    {
        columns = AvroColumns.OfFlat(TCodec.Schema, options.Naming);
        keys = new(AvroColumns.OfFlatKey(TCodec.Schema, options.Naming));
        FieldNames.RefuseTaken(TCodec.Schema.RowType, columns.Fields.Select(field => field.Name), FlatAvroSchemas.OwnFields);
    }

    public string ContentType => "";

    public void WriteKey(in Change<T> change, ByteBuffer output) => keys.Write(change, output, json);

    public void WriteValue(in Change<T> change, ByteBuffer output)
    {
        AvroBinary.Append(output, [OperationLetter.Of(change.Operation)]);
        var writer = new AvroRowWriter(output, columns, change.Unchanged, json);
        try
        {
            RowPart.Write<T, TCodec, AvroRowWriter>(change, ref writer);
        }
        catch (CdcFlowException error)
        {
            throw FormatErrors.In(TCodec.Schema, writer.Column, error);
        }

        writer.End();
        WriteMetadata(change.Metadata, output);
        WriteUnchanged(change.Unchanged, output);
    }

    public void Dispose()
    {
        originBytes.Dispose();
        json.Dispose();
    }

    private void WriteMetadata(ChangeMetadata metadata, ByteBuffer output)
    {
        if (!ReferenceEquals(origin, metadata.Origin))
        {
            Encode(metadata.Origin);
        }

        output.Append(originBytes.Written);
        AvroBinary.Append(output, metadata.Event);
        AvroBinary.Append(output, metadata.Row);
    }

    private void Encode(ChangeOrigin next)
    {
        originBytes.Clear();
        AvroBinary.Append(originBytes, next.Source);
        AvroBinary.Append(originBytes, next.Table.Schema);
        AvroBinary.Append(originBytes, next.Table.Name);
        originBytes.Append(next.TransactionId is null ? AvroBinary.FirstBranch : AvroBinary.SecondBranch);
        if (next.TransactionId is { } id)
        {
            AvroBinary.Append(originBytes, id);
        }

        AvroBinary.Append(originBytes, (next.CommittedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        AvroBinary.Append(originBytes, next.Transaction.ToString("X16", System.Globalization.CultureInfo.InvariantCulture));
        origin = next;
    }

    // A column that is null here may be null in the table, or one that the log did not carry: this list tells.
    private void WriteUnchanged(ColumnSet? unchanged, ByteBuffer output)
    {
        var count = 0;
        for (var index = 0; unchanged is not null && index < columns.Count; index++)
        {
            count += unchanged.Contains(index) ? 1 : 0;
        }

        if (count > 0)
        {
            AvroBinary.Append(output, count);
        }

        for (var index = 0; count > 0 && index < columns.Count; index++)
        {
            if (unchanged!.Contains(index))
            {
                AvroBinary.Append(output, columns.Fields[index].Name);
            }
        }

        AvroBinary.Append(output, 0);
    }
}
