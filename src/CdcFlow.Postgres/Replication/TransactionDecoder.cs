using System.Text;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>Decodes the messages of committed transactions, Begin to Commit. A message that it does not know stops it: skipping one could lose rows.</summary>
internal sealed class TransactionDecoder(IPgOutputHandler handler, RelationCache relations)
{
    private readonly TupleFields oldFields = new();
    private readonly TupleFields newFields = new();
    private Relation[] truncated = [];

    /// <summary>Whether a Begin has come without its Commit.</summary>
    internal bool IsInTransaction { get; set; }

    /// <summary>Decodes one message.</summary>
    /// <param name="at">Where its record lies in the log.</param>
    /// <param name="message">The message.</param>
    internal void Apply(Lsn at, ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var type = reader.ReadByte();
        switch ((char)type)
        {
            case 'B':
                Begin(ref reader);
                break;
            case 'C':
                Commit(ref reader);
                break;
            case 'I':
                Insert(at, message, ref reader);
                break;
            case 'U':
                Update(at, message, ref reader);
                break;
            case 'D':
                Delete(at, message, ref reader);
                break;
            case 'T':
                Truncate(at, ref reader);
                break;
            case 'R':
                relations.Announce(ref reader);
                break;
            case 'M':
                Message(ref reader);
                break;
            case 'Y' or 'O':
                // Type: the catalog knows more. Origin: where a replicated transaction came from. Neither carries rows.
                return;
            default:
                throw Unsupported(type);
        }

        reader.ExpectEnd();
    }

    private void Begin(ref WireReader reader)
    {
        if (IsInTransaction)
        {
            throw Misplaced("Begin");
        }

        handler.Begin(BeginMessage.Read(ref reader));
        IsInTransaction = true;
    }

    private void Commit(ref WireReader reader)
    {
        ExpectTransaction("Commit");
        var commit = CommitMessage.Read(ref reader);
        IsInTransaction = false;
        handler.Commit(commit);
    }

    private void Insert(Lsn at, ReadOnlySpan<byte> message, ref WireReader reader)
    {
        ExpectTransaction("Insert");
        var relation = relations[reader.ReadUInt32()];
        Expect(ref reader, 'N');
        handler.Insert(relation, at, Tuple(message, ref reader, newFields, relation));
    }

    private void Update(Lsn at, ReadOnlySpan<byte> message, ref WireReader reader)
    {
        ExpectTransaction("Update");
        var relation = relations[reader.ReadUInt32()];
        var kind = reader.ReadByte();
        if (kind == 'N')
        {
            handler.Update(relation, at, OldTupleKind.None, default, Tuple(message, ref reader, newFields, relation));
            return;
        }

        var oldKind = OldKind(kind);
        var old = Tuple(message, ref reader, oldFields, relation);
        Expect(ref reader, 'N');
        handler.Update(relation, at, oldKind, old, Tuple(message, ref reader, newFields, relation));
    }

    private void Delete(Lsn at, ReadOnlySpan<byte> message, ref WireReader reader)
    {
        ExpectTransaction("Delete");
        var relation = relations[reader.ReadUInt32()];
        var oldKind = OldKind(reader.ReadByte());
        handler.Delete(relation, at, oldKind, Tuple(message, ref reader, oldFields, relation));
    }

    private void Truncate(Lsn at, ref WireReader reader)
    {
        ExpectTransaction("Truncate");
        var count = reader.ReadInt32();
        if (count < 0 || count > reader.Remaining / sizeof(int))
        {
            throw new PostgresProtocolException($"A Truncate message announces {count} tables.");
        }

        var options = (TruncateOptions)reader.ReadByte();
        Array.Resize(ref truncated, count);
        for (var i = 0; i < count; i++)
        {
            truncated[i] = relations[reader.ReadUInt32()];
        }

        handler.Truncate(truncated, at, options);
    }

    private void Message(ref WireReader reader)
    {
        var message = LogicalMessage.Read(ref reader);
        if (message.IsTransactional)
        {
            ExpectTransaction("Message");
        }

        handler.Message(message);
    }

    private static TupleData Tuple(ReadOnlySpan<byte> message, ref WireReader reader, TupleFields fields, Relation relation)
    {
        var tuple = fields.ReadLogTuple(message, ref reader);
        return tuple.Count == relation.Columns.Count
            ? tuple
            : throw new PostgresProtocolException(
                $"A row of {relation.Schema}.{relation.Table} has {tuple.Count} columns, its Relation message {relation.Columns.Count}.");
    }

    private static OldTupleKind OldKind(byte kind) => kind switch
    {
        (byte)'K' => OldTupleKind.Key,
        (byte)'O' => OldTupleKind.Full,
        _ => throw new PostgresProtocolException($"An old row is of unknown kind {kind}."),
    };

    private static void Expect(ref WireReader reader, char mark)
    {
        if (reader.ReadByte() is var found && found != mark)
        {
            throw new PostgresProtocolException($"A change of the log has mark {found} where '{mark}' belongs.");
        }
    }

    private void ExpectTransaction(string name)
    {
        if (!IsInTransaction)
        {
            throw Misplaced(name);
        }
    }

    /// <summary>A message came where the protocol has no place for it.</summary>
    internal static PostgresProtocolException Misplaced(string name) => new($"The log has a {name} message where none may be.");

    /// <summary>A message of a type that is not decoded.</summary>
    internal static CdcFlowException Unsupported(byte type) => "bPKrp".Contains((char)type, StringComparison.Ordinal)
        ? new CdcFlowException(
            PostgresWireErrorCodes.UnsupportedLogMessage,
            $"The log carries a two-phase message ('{(char)type}'): the slot was made for prepared transactions.",
            "Use a slot of the pipeline's own, made without TWO_PHASE; prepared transactions then come when they commit.")
        : new CdcFlowException(
            PostgresWireErrorCodes.UnsupportedLogMessage,
            $"The log carries a message of type {type} ('{Encoding.Latin1.GetString([type])}'), which this version does not know.",
            "Nothing was skipped. Use a version of CdcFlow that supports this server.");
}
