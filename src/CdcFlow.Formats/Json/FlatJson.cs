using CdcFlow.Rows;

namespace CdcFlow.Formats.Json;

/// <summary>One flat JSON object per change: the operation, the columns, then where the change comes from.</summary>
/// <remarks>A delete carries its key (all it knows of the old row, where the row type has no key), a truncate no columns, and an update leaves out
/// columns that the log gave no value; those that the log never has are named. The shape is documented in <c>docs/reference/file-sink.md</c>.</remarks>
internal sealed class FlatJson<T, TCodec> : IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly JsonMembers members;
    private readonly bool carriesOldRow;
    private readonly byte[] operationMember;
    private readonly byte[] metadataMember;
    private readonly ByteBuffer originText = new(256);
    private ChangeOrigin? origin;

    /// <param name="options">How members are named.</param>
    /// <param name="forFolding">Whether the table is to be rebuilt from the objects alone: then an update of a row without a key carries the old row, by which alone it is found.</param>
    /// <exception cref="CdcFlowException">A column bears the name of the operation's or the metadata's member.</exception>
    public FlatJson(TextFormatOptions options, bool forFolding = false)
    {
        carriesOldRow = forFolding && TCodec.Schema.KeyColumns.Count == 0;
        ValueForms.Require(TCodec.Schema, "JSON");
        members = new JsonMembers(TCodec.Schema, options.Naming);
        FieldNames.RefuseTaken(TCodec.Schema.RowType, members.Names, [options.OperationField, options.MetadataField]);
        operationMember = JsonMembers.Fragment(options.OperationField);
        operationMember[0] = (byte)'{';
        metadataMember = JsonMembers.Fragment(options.MetadataField);
    }

    public void Write(in Change<T> change, ByteBuffer output)
    {
        output.Append(operationMember);
        output.Append((byte)'"');
        output.Append(OperationLetter.Of(change.Operation));
        output.Append((byte)'"');
        var writer = new JsonRowWriter(output, members, change.Missing);
        RowPart.Write<T, TCodec, JsonRowWriter>(change, ref writer);
        WriteMetadata(change.Metadata, output);
        WriteNotCarried(change.Missing, output);
        if (carriesOldRow && change is { Operation: Operation.Update, Before: { } before })
        {
            WriteOldRow(before, change.Missing, output);
        }

        output.Append("}}"u8);
    }

    /// <summary>The key's columns as an object of their own; nothing for a keyless row type and for truncates.</summary>
    public void WriteKey(in Change<T> change, ByteBuffer output)
    {
        if (TCodec.Schema.KeyColumns.Count == 0 || change.Operation == Operation.Truncate)
        {
            return;
        }

        var start = output.Length;
        var writer = new JsonRowWriter(output, members, unchanged: null);
        TCodec.WriteKey(change.Row, ref writer);
        JsonMembers.Enclose(output, start, '{', '}');
    }

    public void Dispose() => originText.Dispose();

    private void WriteMetadata(ChangeMetadata metadata, ByteBuffer output)
    {
        if (!ReferenceEquals(origin, metadata.Origin))
        {
            Encode(metadata.Origin);
        }

        output.Append(originText.Written);
        output.Append(",\"event\":"u8);
        output.AppendText(metadata.Event);
        output.Append(",\"row\":"u8);
        output.AppendText(metadata.Row);
    }

    private void WriteOldRow(T before, ColumnSet? missing, ByteBuffer output)
    {
        output.Append(",\"before\":"u8);
        var start = output.Length;
        var writer = new JsonRowWriter(output, members, missing);
        TCodec.Write(before, ref writer);
        JsonMembers.Enclose(output, start, '{', '}');
    }

    private void WriteNotCarried(ColumnSet? missing, ByteBuffer output)
    {
        if (missing is not { HasNotCarried: true })
        {
            return;
        }

        output.Append(",\"not_carried\":"u8);
        var start = output.Length;
        for (var index = 0; index < members.Names.Count; index++)
        {
            if (missing.IsNotCarried(index))
            {
                output.Append((byte)',');
                JsonText.Append(output, members.Names[index]);
            }
        }

        JsonMembers.Enclose(output, start, '[', ']');
    }

    private void Encode(ChangeOrigin next)
    {
        originText.Clear();
        originText.Append(metadataMember);
        originText.Append("{\"source\":"u8);
        JsonText.Append(originText, next.Table.Source);
        originText.Append(",\"schema\":"u8);
        JsonText.Append(originText, next.Table.Id.Schema);
        originText.Append(",\"table\":"u8);
        JsonText.Append(originText, next.Table.Id.Name);
        if (next.Transaction.Name is { } id)
        {
            originText.Append(",\"transaction_id\":"u8);
            JsonText.Append(originText, id);
        }

        originText.Append(",\"committed_at\":"u8);
        JsonValue.Append(originText, next.Transaction.CommittedAt);
        originText.Append(",\"transaction\":\""u8);
        originText.AppendText(next.Transaction.Place, "X16");
        originText.Append((byte)'"');
        origin = next;
    }
}
