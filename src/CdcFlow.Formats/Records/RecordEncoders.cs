using System.Diagnostics;
using CdcFlow.Formats.Avro;
using CdcFlow.Formats.CloudEvents;
using CdcFlow.Formats.Debezium;
using CdcFlow.Formats.Json;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Records;

/// <summary>Makes record encoders.</summary>
public static class RecordEncoders
{
    /// <summary>The encoder of one row type in the format that <paramref name="options"/> name.</summary>
    /// <exception cref="CdcFlowException">A column's name or type has no place in the format.</exception>
    public static IRecordEncoder<T> Create<T, TCodec>(RecordOptions options)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        ValueForms.Require(TCodec.Schema, options.Format.ToString());
        return options.Format switch
        {
            RecordFormat.DebeziumJson => new DebeziumEncoder<T, TCodec>(options),
            RecordFormat.Json => new JsonRecordEncoder<T, TCodec>(options),
            RecordFormat.CloudEvents => new CloudEventEncoder<T, TCodec>(options),
            RecordFormat.Avro => new FlatAvroEncoder<T, TCodec>(options),
            RecordFormat.DebeziumAvro => new DebeziumAvroEncoder<T, TCodec>(options),
            _ => throw new UnreachableException(),
        };
    }
}
