using CdcFlow.Rows;

namespace CdcFlow.Formats.Csv;

/// <summary>One CSV record (RFC 4180, UTF-8, <c>\n</c>) per change, under a header line: the operation, the columns, then where the change comes from.</summary>
/// <remarks>NULL is an empty field and an empty text is <c>""</c>. Columns without a value are empty and named in
/// <c>_cdc_unchanged</c> or <c>_cdc_not_carried</c>, so that they can be told from NULL. The shape is documented in <c>docs/reference/file-sink.md</c>.</remarks>
public sealed class CsvEncoder<T, TCodec> : IChangeEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private static readonly string[] metadata =
        ["unchanged", "source", "schema", "table", "transaction_id", "committed_at", "transaction", "event", "row", "not_carried"];

    private readonly string[] header;
    private readonly string[] columns;
    private readonly ByteBuffer originText = new(256);
    private ChangeOrigin? origin;
    private ColumnSet? lastMissing;
    private string unchangedNames = "";
    private string notCarriedNames = "";

    /// <summary>Makes the encoder.</summary>
    /// <exception cref="CdcFlowException">A column bears the name of a field that the format itself writes.</exception>
    public CsvEncoder(TextFormatOptions options)
    {
        ValueForms.Require(TCodec.Schema, "CSV");
        columns = [.. TCodec.Schema.Columns.Select(column => FieldNames.Of(column, options.Naming))];
        string[] own = [options.OperationField, .. metadata.Select(name => $"{options.MetadataField}_{name}")];
        FieldNames.RefuseTaken(TCodec.Schema.RowType, columns, own);
        header = [own[0], .. columns, .. own[1..]];
    }

    /// <inheritdoc/>
    public string FileExtension => ".csv";

    /// <inheritdoc/>
    public void WriteHeader(ByteBuffer output)
    {
        for (var index = 0; index < header.Length; index++)
        {
            if (index > 0)
            {
                output.Append((byte)',');
            }

            CsvText.Append(output, header[index]);
        }

        output.Append((byte)'\n');
    }

    /// <inheritdoc/>
    public void Write(in Change<T> change, ByteBuffer output)
    {
        output.Append(OperationLetter.Of(change.Operation));
        var fields = new CsvRowWriter(output, change.Missing, columns.Length);
        try
        {
            RowPart.Write<T, TCodec, CsvRowWriter>(change, ref fields);
        }
        catch (CdcFlowException error)
        {
            throw FormatErrors.In(TCodec.Schema, fields.Column, error);
        }

        fields.EndRow();
        WriteUnchanged(change.Missing, output);
        if (!ReferenceEquals(origin, change.Metadata.Origin))
        {
            Encode(change.Metadata.Origin);
        }

        output.Append(originText.Written);
        output.AppendText(change.Metadata.Event);
        output.Append((byte)',');
        output.AppendText(change.Metadata.Row);
        output.Append((byte)',');
        if (change.Missing is { HasNotCarried: true })
        {
            CsvText.Append(output, notCarriedNames);
        }

        output.Append((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => originText.Dispose();

    private void WriteUnchanged(ColumnSet? missing, ByteBuffer output)
    {
        output.Append((byte)',');
        if (missing is null)
        {
            return;
        }

        // Readers hand out one object per pattern, so the names are joined once per pattern and not per row.
        if (!ReferenceEquals(missing, lastMissing))
        {
            unchangedNames = string.Join(' ', columns.Where((_, index) => missing.IsUnchanged(index)));
            notCarriedNames = string.Join(' ', columns.Where((_, index) => missing.IsNotCarried(index)));
            lastMissing = missing;
        }

        if (missing.HasUnchanged)
        {
            CsvText.Append(output, unchangedNames);
        }
    }

    private void Encode(ChangeOrigin next)
    {
        originText.Clear();
        originText.Append((byte)',');
        CsvText.Append(originText, next.Table.Source);
        originText.Append((byte)',');
        CsvText.Append(originText, next.Table.Id.Schema);
        originText.Append((byte)',');
        CsvText.Append(originText, next.Table.Id.Name);
        originText.Append((byte)',');
        if (next.Transaction.Name is { } id)
        {
            CsvText.Append(originText, id);
        }

        originText.Append((byte)',');
        ScalarText.Append(originText, next.Transaction.CommittedAt);
        originText.Append((byte)',');
        originText.AppendText(next.Transaction.Place, "X16");
        originText.Append((byte)',');
        origin = next;
    }
}
