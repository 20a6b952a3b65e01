using System.Text.Json.Nodes;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests.Avro;

/// <summary>Changes as Avro records, decoded by the schemas that would be registered.</summary>
internal static class AvroRecords
{
    public const string Topic = "orders.v1";

    public static (JsonNode? Key, JsonNode Value) Decoded<T, TCodec>(RecordOptions options, Change<T> change)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        using var encoder = RecordEncoders.Create<T, TCodec>(options);
        using ByteBuffer key = new(16), value = new(16);
        encoder.WriteKey(change, key);
        encoder.WriteValue(change, value);
        var schemas = RecordSchemas.Of(TCodec.Schema, options, Topic);
        return (key.Length == 0 ? null : AvroReader.Decode(schemas.Key!.Text, key.Written), AvroReader.Decode(schemas.Value.Text, value.Written)!);
    }
}
