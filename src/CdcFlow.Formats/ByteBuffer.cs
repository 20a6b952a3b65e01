using System.Buffers;
using System.Globalization;

namespace CdcFlow.Formats;

/// <summary>Bytes that are being written, in one pooled array that grows and is used again.</summary>
/// <remarks>Not thread-safe. Spans over it are valid until the next write.</remarks>
public sealed class ByteBuffer : IBufferWriter<byte>, IDisposable
{
    private const int LeastRoom = 256;

    private byte[] bytes;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Room for so many bytes at first.</param>
    public ByteBuffer(int capacity = 4096) => bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How many bytes were written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>What was written, to fill in what was not known at its time, such as a length.</summary>
    public Span<byte> WrittenForUpdate => bytes.AsSpan(0, Length);

    /// <summary>What was written, for asynchronous readers.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = length <= Length ? length : throw new ArgumentOutOfRangeException(nameof(length));

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(Length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(Length);
    }

    /// <summary>Room for a number of bytes that may be beyond what an array holds.</summary>
    /// <exception cref="CdcFlowException">CDCF2105: it is.</exception>
    internal Span<byte> Room(long count) => count <= Array.MaxLength ? GetSpan((int)count) : throw FormatErrors.TooLarge();

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(bytes.Length - Length));
        Length += count;
    }

    /// <summary>Appends one byte.</summary>
    public void Append(byte value)
    {
        if (Length == bytes.Length)
        {
            Grow(1);
        }

        bytes[Length++] = value;
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(GetSpan(value.Length));
        Length += value.Length;
    }

    /// <summary>Appends a value's invariant text.</summary>
    /// <param name="value">The value.</param>
    /// <param name="format">A format of its type; empty for the default one.</param>
    public void AppendText<TValue>(TValue value, ReadOnlySpan<char> format = default)
        where TValue : IUtf8SpanFormattable
    {
        int written;
        while (!value.TryFormat(bytes.AsSpan(Length), out written, format, CultureInfo.InvariantCulture))
        {
            Grow(bytes.Length - Length + 1);
        }

        Length += written;
    }

    /// <summary>Gives the array back to the pool; the buffer must not be used after that.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        Length = 0;
    }

    private void Reserve(int count)
    {
        if (bytes.Length - Length < Math.Max(count, 1))
        {
            Grow(count);
        }
    }

    private void Grow(int count)
    {
        if ((long)Length + count > Array.MaxLength)
        {
            throw FormatErrors.TooLarge();
        }

        var wanted = Math.Max((long)bytes.Length * 2, (long)Length + Math.Max(count, LeastRoom));
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, Array.MaxLength));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
