using System.Buffers;
using System.Globalization;
using System.Text;

namespace CdcFlow.Formats;

/// <summary>Bytes that are being written, in one pooled array that grows and is used again. One of more than 8 MiB is not kept.</summary>
/// <remarks>Not thread-safe. Spans over it are valid until the next write.</remarks>
public sealed class ByteBuffer : IBufferWriter<byte>, IDisposable
{
    private const int LeastRoom = 256;

    /// <summary>Letters of a text from which on its bytes are counted first, rather than room made for the most that they can be.</summary>
    private const int CountedFrom = 64 * 1024;

    /// <summary>The largest array of the pool's that is used: it keeps what it gets back, and its sizes are powers of two.</summary>
    private const int PooledAtMost = 8 << 20;

    private readonly int capacity;
    private byte[] bytes;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Room for so many bytes at first, or for 8 MiB.</param>
    public ByteBuffer(int capacity = 4096)
    {
        this.capacity = Math.Min(capacity, PooledAtMost);
        bytes = ArrayPool<byte>.Shared.Rent(this.capacity);
    }

    /// <summary>How many bytes were written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>What was written, to fill in what was not known at its time, such as a length.</summary>
    public Span<byte> WrittenForUpdate => bytes.AsSpan(0, Length);

    /// <summary>What was written, for asynchronous readers.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written and keeps the room, unless a large value made it.</summary>
    public void Clear()
    {
        Length = 0;
        if (bytes.Length > PooledAtMost)
        {
            bytes = ArrayPool<byte>.Shared.Rent(capacity);
        }
    }

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

    /// <summary>Room for a text in UTF-8, and <paramref name="more"/> bytes: for the most that it can take or, where that is much, for what it takes.</summary>
    /// <exception cref="CdcFlowException">CDCF2105: that is more than an array holds.</exception>
    public Span<byte> RoomFor(ReadOnlySpan<char> text, int more = 0) =>
        Room(more + (text.Length < CountedFrom ? text.Length * 3L : Encoding.UTF8.GetByteCount(text)));

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
        Return(bytes);
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

        var least = (long)Length + Math.Max(count, LeastRoom);
        var larger = least <= PooledAtMost
            ? ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(bytes.Length * 2L, least), PooledAtMost))
            : Large(Math.Max(bytes.Length + (bytes.Length / 4L), least + LeastRoom));
        Written.CopyTo(larger);
        Return(bytes);
        bytes = larger;
    }

    private static byte[] Large(long wanted)
    {
        try
        {
            return GC.AllocateUninitializedArray<byte>((int)Math.Min(wanted, Array.MaxLength));
        }
        catch (OutOfMemoryException error)
        {
            throw FormatErrors.NoMemory(wanted, error);
        }
    }

    private static void Return(byte[] array)
    {
        if (array.Length <= PooledAtMost)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
