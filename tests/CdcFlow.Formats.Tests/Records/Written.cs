using System.Text;
using CdcFlow.Formats.Records;
using CdcFlow.Rows;

namespace CdcFlow.Formats.Tests.Records;

/// <summary>What a new encoder writes for one change.</summary>
internal static class Written
{
    public static string Key<T, TCodec>(RecordOptions options, Change<T> change)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        using var encoder = RecordEncoders.Create<T, TCodec>(options);
        using var output = new ByteBuffer();
        encoder.WriteKey(change, output);
        return Encoding.UTF8.GetString(output.Written);
    }

    public static string Value<T, TCodec>(RecordOptions options, Change<T> change)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        using var encoder = RecordEncoders.Create<T, TCodec>(options);
        using var output = new ByteBuffer();
        encoder.WriteValue(change, output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
