using CdcFlow.Rows;

namespace CdcFlow.Formats.Json;

/// <summary>One flat JSON object per change and line:
/// <c>{"op":"u","id":7,"total":10.50,"_cdc":{"source":"shop","table":"public.orders",…}}</c>.</summary>
/// <remarks>A delete carries its key (all it knows of the old row, where the row type has no key), a truncate no columns, and an update leaves out
/// columns that the log did not carry; one of a row type without a key carries the old row beside its metadata. The shape is documented in <c>docs/reference/file-sink.md</c>.</remarks>
public sealed class JsonLinesEncoder<T, TCodec> : IChangeEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly FlatJson<T, TCodec> json;

    /// <summary>Makes the encoder.</summary>
    /// <exception cref="CdcFlowException">A column bears the name of the operation's or the metadata's member.</exception>
    public JsonLinesEncoder(TextFormatOptions options) => json = new FlatJson<T, TCodec>(options, forFolding: true);

    /// <inheritdoc/>
    public string FileExtension => ".jsonl";

    /// <inheritdoc/>
    public void WriteHeader(ByteBuffer output)
    {
    }

    /// <inheritdoc/>
    public void Write(in Change<T> change, ByteBuffer output)
    {
        json.Write(change, output);
        output.Append((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();
}
