namespace CdcFlow.Formats.Records;

/// <summary>Turns the changes of one row type into records of one format: a key and a value, as message brokers keep them.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <remarks>Not thread-safe: it keeps the encoded form of the last transaction. Allocates nothing per change of ordinary types.</remarks>
public interface IRecordEncoder<T> : IDisposable
    where T : class
{
    /// <summary>The media type of values, for a content-type header; empty for none.</summary>
    string ContentType { get; }

    /// <summary>Appends the record's key. Appends nothing for a keyless row type and for truncates: the record then has no key.</summary>
    /// <exception cref="CdcFlowException">A value has no form in the format; the buffer then ends in a part of the key.</exception>
    void WriteKey(in Change<T> change, ByteBuffer output);

    /// <summary>Appends the record's value.</summary>
    /// <exception cref="CdcFlowException">A value has no form in the format; the buffer then ends in a part of the value.</exception>
    void WriteValue(in Change<T> change, ByteBuffer output);
}
