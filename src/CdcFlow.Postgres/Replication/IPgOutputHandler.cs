using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>Gets the log's committed transactions, whole and in commit order. Rows are valid during the call.</summary>
/// <remarks>
/// Between <see cref="Begin"/> and <see cref="Commit"/> come the transaction's events in order. The same <see cref="Relation"/> object is handed
/// over until the server announces the table anew, so a changed reference is where a schema change can have happened. A call may block:
/// that is back-pressure.
/// </remarks>
internal interface IPgOutputHandler
{
    void Begin(BeginMessage begin);

    /// <param name="relation">The table.</param>
    /// <param name="at">Where the event's record lies in the log; several share one.</param>
    /// <param name="row">The row.</param>
    void Insert(Relation relation, Lsn at, TupleData row);

    /// <param name="relation">The table.</param>
    /// <param name="at">Where the event's record lies in the log.</param>
    /// <param name="oldKind">What <paramref name="old"/> holds.</param>
    /// <param name="old">The old row; empty for <see cref="OldTupleKind.None"/>.</param>
    /// <param name="row">The new row; columns whose value was not touched and lies outside the row (TOAST) are unchanged.</param>
    void Update(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old, TupleData row);

    void Delete(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old);

    void Truncate(ReadOnlySpan<Relation> relations, Lsn at, TruncateOptions options);

    /// <summary>Called inside a transaction for transactional messages, outside for others.</summary>
    void Message(LogicalMessage message);

    void Commit(CommitMessage commit);
}
