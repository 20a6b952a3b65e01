using System.Diagnostics.CodeAnalysis;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Gets the log's transactions, drops what was delivered before, and gives each event to its table.</summary>
/// <remarks>Touched by the log's reader only. Events are told apart by (commit LSN, index in the transaction): several share an LSN.</remarks>
internal sealed class TransactionRouter : IPgOutputHandler
{
    private readonly UnreadableRows unreadable;
    private readonly TableRoutes tables;
    private readonly PostgresTypeCatalog types;
    private readonly SnapshotDriver snapshots;
    private readonly RoundBuilder round;
    private readonly PostgresSourceOptions options;
    private readonly Action flush;
    private readonly List<SourceTable> touched = [];
    private Relation? lastRelation;
    private SourceTable? lastTable;
    private BeginMessage transaction;
    private PostgresTransaction? entered;
    private int nextEvent;
    private int nextChange;
    private int alreadyDelivered;
    private int roundStart;

    /// <param name="unreadable">What becomes of rows that cannot be read.</param>
    /// <param name="tables">Which table a description of the log is of.</param>
    /// <param name="types">The database's types.</param>
    /// <param name="snapshots">The snapshots under way.</param>
    /// <param name="round">Where changes go.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="flush">Ends the round if there is something in it.</param>
    internal TransactionRouter(
        UnreadableRows unreadable, TableRoutes tables, PostgresTypeCatalog types, SnapshotDriver snapshots, RoundBuilder round,
        PostgresSourceOptions options, Action flush)
    {
        this.unreadable = unreadable;
        this.tables = tables;
        this.types = types;
        this.snapshots = snapshots;
        this.round = round;
        this.options = options;
        this.flush = flush;
    }

    /// <summary>Every transaction that ends in the log at or before this is delivered.</summary>
    internal Lsn Delivered { get; private set; }

    /// <summary>The part that is delivered of the transaction under way.</summary>
    internal TransactionPart? Inside { get; private set; }

    /// <summary>Where the last transaction ended that came; null before the first.</summary>
    internal Lsn? LastCommitEnd { get; private set; }

    /// <summary>When the last delivered transaction committed.</summary>
    internal DateTimeOffset? LastCommit { get; private set; }

    internal bool IsInTransaction { get; private set; }

    /// <summary>Where the transaction under way committed; null: none is.</summary>
    internal Lsn? Committed => IsInTransaction ? transaction.CommitLsn : null;

    private bool IsDelivered => alreadyDelivered == int.MaxValue;

    /// <summary>Goes on from a checkpoint.</summary>
    internal void Resume(PostgresSourceState state) => (Delivered, Inside, LastCommitEnd) = (state.ResumeAt, state.Inside, state.LastCommitEnd);

    /// <summary>The server says that all transactions up to here were sent.</summary>
    internal void Advance(Lsn position)
    {
        if (!IsInTransaction && position > Delivered)
        {
            Delivered = position;
            Inside = Inside is { } part && part.CommitLsn >= position ? part : null;
        }
    }

    public void Begin(BeginMessage begin)
    {
        (transaction, entered, nextEvent, nextChange, IsInTransaction) = (begin, null, 0, 1, true);

        // A commit record that starts before a place up to which all was delivered also ends before it.
        alreadyDelivered = begin.CommitLsn < Delivered ? int.MaxValue : Inside is { } part && part.CommitLsn == begin.CommitLsn ? part.Event : 0;
        if (alreadyDelivered < int.MaxValue)
        {
            snapshots.WaitUntilVisible(begin.Xid, Delivered, round, flush);
        }

        touched.Clear();
        roundStart = round.Rows;
    }

    public void Insert(Relation relation, Lsn at, TupleData row)
    {
        var index = nextEvent;
        try
        {
            InsertRow(relation, at, row);
        }
        catch (CdcFlowException e) when (IsSkipped(e))
        {
            Skip(e, index);
        }
    }

    private void InsertRow(Relation relation, Lsn at, TupleData row)
    {
        var table = TableOf(relation);
        if (Next(table, at, changes: 1, out var next))
        {
            table.Insert(row, next);
            CutIfLarge();
        }
    }

    public void Update(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old, TupleData row)
    {
        var index = nextEvent;
        try
        {
            UpdateRow(relation, at, oldKind, old, row);
        }
        catch (CdcFlowException e) when (IsSkipped(e))
        {
            Skip(e, index);
        }
    }

    private void UpdateRow(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old, TupleData row)
    {
        var table = TableOf(relation);
        var isMoved = false;
        if (table is not null && !IsDelivered)
        {
            oldKind = table.Binding.KindOf(oldKind, old);
            isMoved = table.Binding.IsMoved(oldKind, old, row);
        }

        if (Next(table, at, changes: isMoved ? 2 : 1, out var next))
        {
            if (isMoved)
            {
                table.Move(oldKind, old, row, next);
            }
            else
            {
                table.Update(oldKind, old, row, next);
            }

            CutIfLarge();
        }
    }

    public void Delete(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old)
    {
        var index = nextEvent;
        try
        {
            DeleteRow(relation, at, oldKind, old);
        }
        catch (CdcFlowException e) when (IsSkipped(e))
        {
            Skip(e, index);
        }
    }

    private void DeleteRow(Relation relation, Lsn at, OldTupleKind oldKind, TupleData old)
    {
        var table = TableOf(relation);
        if (Next(table, at, changes: 1, out var next))
        {
            table.Delete(table.Binding.KindOf(oldKind, old), old, next);
            CutIfLarge();
        }
    }

    public void Truncate(ReadOnlySpan<Relation> relations, Lsn at, TruncateOptions options)
    {
        foreach (var relation in relations)
        {
            var table = TableOf(relation);
            if (Next(table, at, changes: 1, out var next))
            {
                table.Truncate(next);
            }
        }
    }

    public void Message(LogicalMessage message)
    {
        // Messages carry no rows, and are no events: a replay counts the same.
    }

    public void Commit(CommitMessage commit)
    {
        if (alreadyDelivered < int.MaxValue)
        {
            if (nextEvent < alreadyDelivered && !unreadable.Covers(transaction))
            {
                throw unreadable.Shrunk(transaction, nextEvent, alreadyDelivered, commit.EndLsn, touched.Select(table => table.Definition.Id));
            }

            Settle();
            (Delivered, Inside, LastCommit) = (commit.EndLsn, null, commit.CommitTime);
            unreadable.Pass(Delivered);
        }

        (IsInTransaction, LastCommitEnd) = (false, commit.EndLsn);
        if (round.Rows >= options.RoundRows || round.Bytes >= options.RoundBytes)
        {
            flush();
        }
    }

    /// <summary>The error with its transaction and the way past it; null where it is not about the transaction under way.</summary>
    internal CdcFlowException? Locate(CdcFlowException error) => IsInTransaction ? unreadable.Locate(error, transaction, lastTable?.Definition.Id) : null;

    private bool IsSkipped(CdcFlowException error) => unreadable.IsSkipped(error, transaction);

    // It counts, so that what follows has the numbers that it would have.
    private void Skip(CdcFlowException error, int index)
    {
        nextEvent = index + 1;
        unreadable.Skip(lastTable!.Definition.Id, error);
    }

    /// <summary>Counts an event, and the changes that are made out of it.</summary>
    /// <returns>Whether it is to be delivered. What was delivered before counts all the same: a transaction that is read again has the same numbers.</returns>
    private bool Next([NotNullWhen(true)] SourceTable? table, Lsn at, int changes, out LogEvent next)
    {
        var index = nextEvent++;
        next = default;
        if (table is null || IsDelivered)
        {
            return false;
        }

        if (table.Enter(entered ??= new PostgresTransaction(transaction, LastCommitEnd) { CommittedAt = transaction.CommitTime }))
        {
            touched.Add(table);
        }

        next = new LogEvent(index, at, new TransactionOrder(nextChange, table.Count(changes)));
        nextChange += changes;
        return index >= alreadyDelivered;
    }

    private SourceTable? TableOf(Relation relation)
    {
        if (!ReferenceEquals(relation, lastRelation))
        {
            (lastRelation, lastTable) = (relation, tables.Find(relation));
        }

        // What was delivered before is only counted, and need not be understood any more.
        if (!IsDelivered)
        {
            lastTable?.Bind(relation, transaction, types, round);
        }

        return lastTable;
    }

    // A transaction too large for one round is cut after an event; the state then says how many of its events are delivered. So is one that must
    // wait for rows of a snapshot.
    private void CutIfLarge()
    {
        var mustWait = snapshots.HoldsTheLog;
        if (mustWait || round.Rows - roundStart >= options.CutRows || round.Bytes >= options.RoundBytes)
        {
            Settle();
            Inside = new TransactionPart(transaction.CommitLsn, nextEvent);
            flush();
            roundStart = 0;
        }

        if (mustWait)
        {
            snapshots.ServiceBeforeLog(Delivered, round, flush);
        }
    }

    private void Settle()
    {
        foreach (var table in touched)
        {
            table.Settle();
        }
    }
}
