using System.Buffers.Binary;

namespace CdcFlow.Postgres.Wire;

/// <summary>Cuts the server's bytes into messages, without copying them.</summary>
/// <remarks>Read by one thread. A message's body is valid until the next is read.</remarks>
internal sealed class WireStream(Stream stream) : IDisposable
{
    private const int HeaderLength = 5;
    private const int InitialBuffer = 256 * 1024;

    /// <summary>The largest message that a server of PostgreSQL can mean: a field is at most 1 GiB, so is a copied row.</summary>
    private const int MaxBody = (1 << 30) + (1 << 16);

    /// <summary>A buffer that a large message made larger than this is not used again.</summary>
    private const int KeptBuffer = 8 << 20;

    private byte[] buffer = new byte[InitialBuffer];
    private int start;
    private int end;

    /// <summary>Whether the next message is here whole, so that reading it cannot wait.</summary>
    internal bool HasMessage => HasBegun && end - start >= HeaderLength + BodyLength();

    /// <summary>Whether the next message has begun to arrive: its length is here, and the rest is on its way.</summary>
    internal bool HasBegun => end - start >= HeaderLength;

    /// <summary>Whether the last read took all that it had room for, so that the stream may hold more.</summary>
    internal bool WasFilled { get; private set; }

    /// <summary>Reads the next message, waiting for it.</summary>
    /// <returns>The message's type byte.</returns>
    internal byte Read(out ReadOnlySpan<byte> body)
    {
        if (!HasMessage)
        {
            Receive(HeaderLength + NextLength());
        }

        var length = BodyLength();
        var type = buffer[start];
        body = buffer.AsSpan(start + HeaderLength, length);
        start += HeaderLength + length;
        LeaveLarge();
        return type;
    }

    /// <summary>The length of the next message's body. Waits for its header only.</summary>
    internal int NextLength()
    {
        Receive(HeaderLength);
        return BodyLength();
    }

    /// <summary>Makes room for the whole next message at once, whose length has been admitted: a buffer that grew with it would leave as much behind.</summary>
    internal void MakeRoomForNext()
    {
        if (HeaderLength + NextLength() is var needed && buffer.Length < needed)
        {
            MoveTo(GC.AllocateUninitializedArray<byte>(needed));
        }
    }

    /// <summary>The beginning of the next message's body, which stays to be read.</summary>
    internal ReadOnlySpan<byte> Peek(int atMost)
    {
        var length = Math.Min(NextLength(), atMost);
        Receive(HeaderLength + length);
        return buffer.AsSpan(start + HeaderLength, length);
    }

    internal void Write(ReadOnlySpan<byte> message)
    {
        stream.Write(message);
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    private int BodyLength()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start + 1)) - sizeof(int);
        return (uint)length <= MaxBody
            ? length
            : throw new PostgresProtocolException($"The server announces a message of {length} bytes.");
    }

    private void Receive(int needed)
    {
        while (end - start < needed)
        {
            MakeRoom(needed);
            var received = stream.Read(buffer.AsSpan(end));
            if (received == 0)
            {
                throw new EndOfStreamException("the server closed the connection");
            }

            end += received;
            WasFilled = end == buffer.Length;
        }
    }

    // The buffer of a large message is left to the body alone: it lasts for as long as somebody reads that.
    private void LeaveLarge()
    {
        if (buffer.Length > KeptBuffer && end - start <= InitialBuffer)
        {
            MoveTo(new byte[InitialBuffer]);
        }
    }

    private void MoveTo(byte[] other)
    {
        buffer.AsSpan(start..end).CopyTo(other);
        (buffer, start, end) = (other, 0, end - start);
    }

    // The buffer only grows when it is full of bytes that did arrive: an announced length that nobody admitted allocates nothing.
    private void MakeRoom(int needed)
    {
        if (start == end)
        {
            start = end = 0;
        }

        // What is left is less than one message, so moving it to the front is cheap; a large free part makes few, large reads.
        if (start > buffer.Length / 2 || (start > 0 && buffer.Length - start < needed))
        {
            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Math.Max(needed, InitialBuffer)));
        }
    }
}
