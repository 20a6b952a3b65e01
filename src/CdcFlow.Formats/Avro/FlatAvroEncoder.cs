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
    private readonly ByteBuffer missingBytes = new(256);
    private readonly ByteBuffer json = new(256);
    private ChangeOrigin? origin;
    private ColumnSet? lastMissing;

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
        var writer = new AvroRowWriter(output, columns, change.Missing, json);
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
        WriteMissing(change.Missing, output);
    }

    public void Dispose()
    {
        originBytes.Dispose();
        missingBytes.Dispose();
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
        AvroBinary.Append(originBytes, next.Table.Source);
        AvroBinary.Append(originBytes, next.Table.Id.Schema);
        AvroBinary.Append(originBytes, next.Table.Id.Name);
        if (next.Transaction.Name is { } id)
        {
            originBytes.Append(AvroBinary.SecondBranch);
            AvroBinary.Append(originBytes, id);
        }
        else
        {
            originBytes.Append(AvroBinary.FirstBranch);
        }

        AvroBinary.Append(originBytes, (next.Transaction.CommittedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        AvroBinary.Append(originBytes, next.Transaction.Place.ToString("X16", System.Globalization.CultureInfo.InvariantCulture));
        origin = next;
    }

    // A column that is null here may be null in the table, or one that the log gave no value: two lists tell. Readers hand out one object per
    // pattern, so they are made once per pattern and not per row.
    private void WriteMissing(ColumnSet? missing, ByteBuffer output)
    {
        if (missing is null)
        {
            AvroBinary.Append(output, 0);
            output.Append(AvroBinary.FirstBranch);
            return;
        }

        if (!ReferenceEquals(missing, lastMissing))
        {
            missingBytes.Clear();
            AppendNames(missing.IsUnchanged);
            missingBytes.Append(missing.HasNotCarried ? AvroBinary.SecondBranch : AvroBinary.FirstBranch);
            if (missing.HasNotCarried)
            {
                AppendNames(missing.IsNotCarried);
            }

            lastMissing = missing;
        }

        output.Append(missingBytes.Written);
    }

    private void AppendNames(Func<int, bool> isNamed)
    {
        string[] names = [.. columns.Fields.Where((_, index) => isNamed(index)).Select(field => field.Name)];
        if (names.Length > 0)
        {
            AvroBinary.Append(missingBytes, names.Length);
        }

        foreach (var name in names)
        {
            AvroBinary.Append(missingBytes, name);
        }

        AvroBinary.Append(missingBytes, 0);
    }
}
