using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CdcFlow.Postgres.Replication;

/// <summary>Takes one message of a transaction that is being replayed.</summary>
internal delegate void ReplayedMessage(Lsn at, ReadOnlySpan<byte> message);

/// <summary>Makes way for a message of which only the first bytes are in memory: its type, and the OID of its table.</summary>
internal delegate void BeforeLargeMessage(Lsn at, ReadOnlySpan<byte> beginning, int length);

/// <summary>The messages of one transaction in progress, in order: the older ones in a file once they were spilled, the rest in memory.</summary>
internal sealed class StreamedTransaction : IDisposable
{
    /// <summary>A record: the owning (sub)transaction, the message's length, where it lies in the log, the message.</summary>
    private const int HeaderLength = 16;
    private const int PageLength = 64 * 1024;
    private const int BeginningLength = 5;

    private readonly List<ArraySegment<byte>> pages = [];
    private readonly HashSet<uint> aborted = [];
    private Stream? file;

    /// <summary>Bytes held in memory.</summary>
    internal long MemoryBytes { get; private set; }

    /// <summary>Adds a message.</summary>
    /// <returns>The bytes of memory that it took.</returns>
    internal long Append(uint owner, Lsn at, byte type, ReadOnlySpan<byte> body)
    {
        var before = MemoryBytes;
        var record = Room(HeaderLength + 1 + body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record, owner);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], 1 + body.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], at.Value);
        record[HeaderLength] = type;
        body.CopyTo(record[(HeaderLength + 1)..]);
        return MemoryBytes - before;
    }

    /// <summary>Adds a message that is too large for memory, behind all others.</summary>
    /// <returns>The bytes of memory that it took: none, and those that were there are free.</returns>
    internal long AppendToFile(uint owner, Lsn at, byte type, ReadOnlySpan<byte> body, Func<Stream> createFile)
    {
        var before = MemoryBytes;
        Spill(createFile);
        Span<byte> header = stackalloc byte[HeaderLength + 1];
        BinaryPrimitives.WriteUInt32LittleEndian(header, owner);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], 1 + body.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], at.Value);
        header[HeaderLength] = type;
        file!.Write(header);
        for (; !body.IsEmpty; body = body[Piece(body.Length)..])
        {
            file.Write(body[..Piece(body.Length)]);
        }

        return -before;
    }

    /// <summary>Rolls a subtransaction back: its messages will not be replayed.</summary>
    internal void AbortPart(uint owner) => aborted.Add(owner);

    /// <summary>Moves what is in memory to the end of the file.</summary>
    internal void Spill(Func<Stream> createFile)
    {
        file ??= createFile();
        foreach (var page in pages)
        {
            file.Write(page);
        }

        pages.Clear();
        MemoryBytes = 0;
    }

    internal void Replay(ReplayedMessage replay, BeforeLargeMessage beforeLarge)
    {
        if (file is not null)
        {
            ReplayFile(file, replay, beforeLarge);
        }

        foreach (var page in pages)
        {
            for (var rest = page.AsSpan(); !rest.IsEmpty;)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
                Replay(rest[..HeaderLength], rest.Slice(HeaderLength, length), replay);
                rest = rest[(HeaderLength + length)..];
            }
        }
    }

    public void Dispose() => file?.Dispose();

    private void ReplayFile(Stream spilled, ReplayedMessage replay, BeforeLargeMessage beforeLarge)
    {
        spilled.Flush();
        spilled.Position = 0;
        var page = new byte[PageLength];
        while (TryReplayNext(spilled, page, replay, beforeLarge))
        {
        }
    }

    // A frame of its own: a large message that stayed on the stack would be kept while the next is read.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReplayNext(Stream spilled, byte[] page, ReplayedMessage replay, BeforeLargeMessage beforeLarge)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        var read = spilled.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (read == 0)
        {
            return false;
        }

        if (read < HeaderLength)
        {
            throw new EndOfStreamException("The file of a spilled transaction ends inside a record.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        var message = page;
        var begun = Math.Min(length, BeginningLength);
        spilled.ReadExactly(page.AsSpan(0, begun));
        if (length > page.Length)
        {
            beforeLarge(new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(header[8..])), page.AsSpan(0, begun), length);
            message = GC.AllocateUninitializedArray<byte>(length);
            page.AsSpan(0, begun).CopyTo(message);
        }

        for (var rest = message.AsSpan(begun, length - begun); !rest.IsEmpty; rest = rest[Piece(rest.Length)..])
        {
            spilled.ReadExactly(rest[..Piece(rest.Length)]);
        }

        Replay(header, message.AsSpan(0, length), replay);
        return true;
    }

    // A stream may copy what it is given, and pool the copy.
    private static int Piece(int length) => Math.Min(length, PageLength);

    // A table's description outlives the subtransaction that made the server send it: the server does not send it again.
    private void Replay(ReadOnlySpan<byte> header, ReadOnlySpan<byte> message, ReplayedMessage replay)
    {
        if (message[0] == (byte)'R' || !aborted.Contains(BinaryPrimitives.ReadUInt32LittleEndian(header)))
        {
            replay(new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(header[8..])), message);
        }
    }

    private Span<byte> Room(int length)
    {
        if (pages.Count == 0 || pages[^1].Array!.Length - pages[^1].Count < length)
        {
            var page = new byte[Math.Max(PageLength, length)];
            MemoryBytes += page.Length;
            pages.Add(new ArraySegment<byte>(page, 0, 0));
        }

        var last = pages[^1];
        pages[^1] = new ArraySegment<byte>(last.Array!, 0, last.Count + length);
        return pages[^1].AsSpan(last.Count);
    }
}
