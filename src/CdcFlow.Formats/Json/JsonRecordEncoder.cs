using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Json;

/// <summary>Flat JSON records: the value is the object of a JSON line, the key an object of the key's columns.</summary>
internal sealed class JsonRecordEncoder<T, TCodec>(RecordOptions options) : IRecordEncoder<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly FlatJson<T, TCodec> json = new(new TextFormatOptions { Naming = options.Naming });

    public string ContentType => "application/json";

    public void WriteKey(in Change<T> change, ByteBuffer output) => json.WriteKey(change, output);

    public void WriteValue(in Change<T> change, ByteBuffer output) => json.Write(change, output);

    public void Dispose() => json.Dispose();
}
