namespace CdcFlow.Formats;

/// <summary>Turns the changes of one row type into bytes of one format.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <remarks>Not thread-safe: it keeps the encoded form of the last transaction. Allocates nothing per change.</remarks>
public interface IChangeEncoder<T> : IDisposable
    where T : class
{
    /// <summary>The usual end of a file's name, as in <c>.jsonl</c>.</summary>
    string FileExtension { get; }

    /// <summary>What stands before the first change of a file; nothing in most formats.</summary>
    void WriteHeader(ByteBuffer output);

    /// <summary>Appends one change with its line's end.</summary>
    /// <exception cref="CdcFlowException">A value has no form in the format; the buffer then ends in a part of the change.</exception>
    void Write(in Change<T> change, ByteBuffer output);
}
