namespace CdcFlow.Postgres.Wire;

/// <summary>
/// The rows of a <c>COPY … TO STDOUT (FORMAT binary)</c>, one at a time, as the server's bytes
/// (<see href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4"/>). Allocates nothing per row.
/// </summary>
internal sealed class CopyOutReader(ConnectionChannel channel)
{
    private readonly TupleFields fields = new();
    private bool isHeaderRead;
    private bool isDone;

    // "PGCOPY\n", then bytes that a text conversion on the way would break.
    private static ReadOnlySpan<byte> Signature => [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00];

    /// <summary>Whether the next row is here whole, so that reading it cannot wait.</summary>
    internal bool HasRow => channel.HasMessage;

    /// <summary>About the bytes of the next row, before it is received; zero after the last.</summary>
    internal int NextLength() => LastLength = isDone ? 0 : channel.NextLength();

    /// <summary>What <see cref="NextLength"/> said last.</summary>
    internal int LastLength { get; private set; }

    /// <summary>Makes room for the whole next row at once; for lengths that have been admitted.</summary>
    internal void MakeRoomForNext() => channel.MakeRoomForNext();

    /// <summary>Reads the next row; it is valid until the next call.</summary>
    /// <returns>False after the last row; the connection is then free again, as it is after an error of the server.</returns>
    internal bool Read(out TupleData row)
    {
        try
        {
            while (!isDone)
            {
                if (IsRow(channel.Read(out var body), body, out row))
                {
                    return true;
                }
            }
        }
        catch (PostgresServerException)
        {
            End();
            channel.TryReadUntilReady();
            throw;
        }

        row = default;
        return false;
    }

    private bool IsRow(byte type, ReadOnlySpan<byte> body, out TupleData row)
    {
        row = default;
        switch (type)
        {
            case BackendMessage.CopyData:
                var tuple = isHeaderRead ? body : SkipHeader(body);
                return !tuple.IsEmpty && fields.ReadCopyTuple(tuple, out row);
            case BackendMessage.CopyDone or BackendMessage.CommandComplete:
                return false;
            case BackendMessage.ReadyForQuery:
                End();
                return false;
            default:
                throw new PostgresProtocolException($"The server sent message '{(char)type}' among copied rows.");
        }
    }

    // Answers to short questions are to be read at once.
    private void End()
    {
        isDone = true;
        channel.GathersSmallReads = false;
    }

    private ReadOnlySpan<byte> SkipHeader(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (!reader.ReadBytes(Signature.Length).SequenceEqual(Signature))
        {
            throw new PostgresProtocolException("The copied rows do not start with the header of binary COPY.");
        }

        if (reader.ReadInt32() != 0)
        {
            throw new PostgresProtocolException("The copied rows use a critical extension of binary COPY.");
        }

        reader.ReadBytes(reader.ReadInt32());
        isHeaderRead = true;
        return reader.ReadBytes(reader.Remaining);
    }
}
