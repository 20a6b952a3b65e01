using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Gets the log's transactions, drops what was delivered before, and gives each event to its table.</summary>
/// <remarks>Touched by the log's reader only. Events are told apart by (commit LSN, index in the transaction): several share an LSN.</remarks>
internal sealed class TransactionRouter : IPgOutputHandler
{
    private readonly Dictionary<TableId, SourceTable> tables;
    private readonly PostgresTypeCatalog types;
    private readonly SnapshotDriver snapshots;
    private readonly RoundBuilder round;
    private readonly PostgresSourceOptions options;
    private readonly Action flush;
    private readonly List<SourceTable> touched = [];
    private Relation? lastRelation;
    private SourceTable? lastTable;
    private BeginMessage transaction;
    private int nextEvent;
    private int alreadyDelivered;
    private int roundStart;

    /// <param name="tables">By name.</param>
    /// <param name="types">The database's types.</param>
    /// <param name="snapshots">The snapshots under way.</param>
    /// <param name="round">Where changes go.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="flush">Ends the round if there is something in it.</param>
    internal TransactionRouter(
        Dictionary<TableId, SourceTable> tables, PostgresTypeCatalog types, SnapshotDriver snapshots, RoundBuilder round,
        PostgresSourceOptions options, Action flush)
    {
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

    /// <summary>When the last delivered transaction committed.</summary>
    internal DateTimeOffset? LastCommit { get; private set; }

    internal bool IsInTransaction { get; private set; }

    /// <summary>Goes on from a checkpoint.</summary>
    internal void Resume(Lsn delivered, TransactionPart? inside) => (Delivered, Inside) = (delivered, inside);

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
        (transaction, nextEvent, IsInTransaction) = (begin, 0, true);

        // A commit record that starts before a place up to which all was delivered also ends before it.
        alreadyDelivered = begin.CommitLsn < Delivered ? int.MaxValue : Inside is { } part && part.CommitLsn == begin.CommitLsn ? part.Event : 0;
        if (alreadyDelivered < int.MaxValue)
        {
            snapshots.WaitUntilVisible(begin.Xid, Delivered, round, flush);
        }

        touched.Clear();
        roundStart = round.Rows;
    }

    public void Insert(Relation relation, TupleData row)
    {
        if (Next(relation, out var table, out var index))
        {
            table.Insert(row, index);
            CutIfLarge();
        }
    }

    public void Update(Relation relation, OldTupleKind oldKind, TupleData old, TupleData row)
    {
        if (Next(relation, out var table, out var index))
        {
            table.Update(oldKind, old, row, index);
            CutIfLarge();
        }
    }

    public void Delete(Relation relation, OldTupleKind oldKind, TupleData old)
    {
        if (Next(relation, out var table, out var index))
        {
            table.Delete(oldKind, old, index);
            CutIfLarge();
        }
    }

    public void Truncate(ReadOnlySpan<Relation> relations, TruncateOptions options)
    {
        foreach (var relation in relations)
        {
            if (Next(relation, out var table, out var index))
            {
                table.Truncate(index);
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
            if (nextEvent < alreadyDelivered)
            {
                throw new CdcFlowException(
                    PostgresSourceErrorCodes.State,
                    $"Transaction {transaction.CommitLsn} has {nextEvent} events now and had at least {alreadyDelivered} when a part of it was delivered.",
                    "The publication was changed behind the checkpoint. Start the pipeline anew with a checkpoint folder of its own.");
            }

            Settle();
            (Delivered, Inside, LastCommit) = (commit.EndLsn, null, commit.CommitTime);
        }

        IsInTransaction = false;
        if (round.Rows >= options.RoundRows || round.Bytes >= options.RoundBytes)
        {
            flush();
        }
    }

    private bool Next(Relation relation, out SourceTable table, out int index)
    {
        index = nextEvent++;
        table = (ReferenceEquals(relation, lastRelation) ? lastTable : TableOf(relation))!;
        if (table is null || index < alreadyDelivered)
        {
            return false;
        }

        if (table.Enter(transaction))
        {
            touched.Add(table);
        }

        return true;
    }

    private SourceTable? TableOf(Relation relation)
    {
        if (tables.TryGetValue(new TableId(relation.Schema, relation.Table), out var table))
        {
            table.Bind(relation, transaction, types, round);
        }

        (lastRelation, lastTable) = (relation, table);
        return table;
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
