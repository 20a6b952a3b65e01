using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>
/// Decodes pgoutput, protocol versions 1 to 4 (<see href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html"/>).
/// Transactions streamed while in progress are put aside and handed over when they commit, without their rolled-back parts.
/// </summary>
/// <remarks>Touched by the reading thread only. A message it does not know stops it: skipping one could lose rows.</remarks>
internal sealed class PgOutputDecoder
{
    private readonly RelationCache relations;
    private readonly IPgOutputHandler handler;
    private readonly StreamedTransactions streamed;
    private readonly TransactionDecoder transactions;
    private uint? streamXid;

    internal PgOutputDecoder(IPgOutputHandler handler, StreamedTransactions streamed)
    {
        this.handler = handler;
        this.streamed = streamed;
        relations = new RelationCache();
        transactions = new TransactionDecoder(handler, relations);
    }

    /// <summary>Decodes one message.</summary>
    /// <param name="at">Where its record lies in the log.</param>
    /// <param name="message">The message.</param>
    internal void Decode(Lsn at, ReadOnlySpan<byte> message)
    {
        if (streamXid is { } xid && message.Length > 0 && message[0] != (byte)'E')
        {
            PutAside(xid, at, message);
            return;
        }

        var reader = new WireReader(message);
        switch (reader.ReadByte())
        {
            case (byte)'S':
                StartStream(reader.ReadUInt32());
                return;
            case (byte)'E':
                streamXid = streamXid is null ? throw TransactionDecoder.Misplaced("Stream Stop") : null;
                return;
            case (byte)'c':
                CommitStreamed(ref reader);
                return;
            case (byte)'A':
                // From version 4 on, an LSN and a time may follow.
                streamed.Abort(reader.ReadUInt32(), reader.ReadUInt32());
                return;
            default:
                transactions.Apply(at, message);
                return;
        }
    }

    private void StartStream(uint xid)
    {
        if (transactions.IsInTransaction)
        {
            throw TransactionDecoder.Misplaced("Stream Start");
        }

        streamed.Start(xid);
        streamXid = xid;
    }

    // Inside a stream block every message carries the id of the (sub)transaction it belongs to, after its type byte.
    private void PutAside(uint xid, Lsn at, ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var type = reader.ReadByte();
        switch ((char)type)
        {
            case 'R':
                streamed.Append(xid, reader.ReadUInt32(), at, type, relations.Number(reader.ReadBytes(reader.Remaining)));
                return;
            case 'I' or 'U' or 'D' or 'T' or 'Y' or 'M':
                streamed.Append(xid, reader.ReadUInt32(), at, type, reader.ReadBytes(reader.Remaining));
                return;
            case 'O':
                return;
            default:
                throw TransactionDecoder.Unsupported(type);
        }
    }

    private void CommitStreamed(ref WireReader reader)
    {
        if (transactions.IsInTransaction)
        {
            throw TransactionDecoder.Misplaced("Stream Commit");
        }

        var xid = reader.ReadUInt32();
        var commit = CommitMessage.Read(ref reader);
        reader.ExpectEnd();
        handler.Begin(new BeginMessage(commit.CommitLsn, commit.CommitTime, xid));
        transactions.IsInTransaction = true;
        relations.StartReplay();
        streamed.Replay(xid, transactions.Apply);
        relations.StopReplay();
        transactions.IsInTransaction = false;
        handler.Commit(commit);
    }
}
