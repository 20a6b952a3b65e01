using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>Begin: a transaction starts in the log. Streamed transactions get one as well, made when they commit.</summary>
/// <param name="CommitLsn">Where its commit record starts ("final LSN"): the transaction's place in commit order.</param>
/// <param name="CommitTime">When it committed, by the server's clock.</param>
/// <param name="Xid">Its 32-bit top-level transaction id.</param>
internal readonly record struct BeginMessage(Lsn CommitLsn, DateTimeOffset CommitTime, uint Xid)
{
    internal static BeginMessage Read(ref WireReader reader) =>
        new(new Lsn(reader.ReadUInt64()), PostgresClock.FromMicroseconds(reader.ReadInt64()), reader.ReadUInt32());
}

/// <summary>Commit: the transaction is whole.</summary>
/// <param name="CommitLsn">Where its commit record starts.</param>
/// <param name="EndLsn">Where it ends: what is to be confirmed once the transaction is kept elsewhere.</param>
/// <param name="CommitTime">When it committed, by the server's clock.</param>
internal readonly record struct CommitMessage(Lsn CommitLsn, Lsn EndLsn, DateTimeOffset CommitTime)
{
    internal static CommitMessage Read(ref WireReader reader)
    {
        reader.ReadByte(); // flags, unused
        return new(new Lsn(reader.ReadUInt64()), new Lsn(reader.ReadUInt64()), PostgresClock.FromMicroseconds(reader.ReadInt64()));
    }
}

/// <summary>What an update or delete carries of the old row.</summary>
internal enum OldTupleKind : byte
{
    /// <summary>Nothing: an update that left the key alone.</summary>
    None,

    /// <summary>Only the replica identity's columns hold values ('K').</summary>
    Key,

    /// <summary>The whole old row ('O', <c>REPLICA IDENTITY FULL</c>).</summary>
    Full,
}

/// <summary>Options of a Truncate message.</summary>
[Flags]
internal enum TruncateOptions : byte
{
    None = 0,
    Cascade = 1,
    RestartIdentity = 2,
}

/// <summary>Message: what <c>pg_logical_emit_message</c> wrote. Valid until the next message is read.</summary>
internal readonly ref struct LogicalMessage(bool isTransactional, Lsn lsn, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> content)
{
    /// <summary>Whether it belongs to the transaction; otherwise it stands alone, outside Begin and Commit.</summary>
    internal bool IsTransactional { get; } = isTransactional;

    internal Lsn Lsn { get; } = lsn;

    /// <summary>UTF-8.</summary>
    internal ReadOnlySpan<byte> Prefix { get; } = prefix;

    internal ReadOnlySpan<byte> Content { get; } = content;

    internal static LogicalMessage Read(ref WireReader reader)
    {
        var flags = reader.ReadByte();
        var lsn = new Lsn(reader.ReadUInt64());
        var prefix = reader.ReadCString();
        return new LogicalMessage((flags & 1) != 0, lsn, prefix, reader.ReadBytes(reader.ReadInt32()));
    }
}
