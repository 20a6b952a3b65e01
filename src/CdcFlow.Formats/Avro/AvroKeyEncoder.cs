using CdcFlow.Rows;

namespace CdcFlow.Formats.Avro;

/// <summary>Keys as records of the key's columns; a keyless row type and a truncate have none.</summary>
/// <param name="columns">The key's columns.</param>
internal sealed class AvroKeyEncoder<T, TCodec>(AvroColumns columns)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    /// <param name="change">The change.</param>
    /// <param name="output">Where to append.</param>
    /// <param name="json">Room for values that are spelled first.</param>
    public void Write(in Change<T> change, ByteBuffer output, ByteBuffer json)
    {
        if (TCodec.Schema.KeyColumns.Count > 0 && change.Operation != Operation.Truncate)
        {
            var writer = new AvroRowWriter(output, columns, missing: null, json);
            try
            {
                TCodec.WriteKey(change.Row, ref writer);
            }
            catch (CdcFlowException error)
            {
                throw FormatErrors.In(TCodec.Schema, writer.Column, error);
            }
        }
    }
}
