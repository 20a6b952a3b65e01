using CdcFlow.Capture;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>One table of the source: turns its log events into changes for the outputs that read it, through the snapshot where one runs.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
/// <param name="origins">Makes the places that changes are of.</param>
/// <param name="binding">What the table is, as the log has it.</param>
/// <param name="reselection">For values that a key update leaves behind.</param>
/// <param name="control">For keys that only the server can locate.</param>
internal sealed class SourceTable(TableOrigins origins, TableBinding binding, Reselection reselection, ControlSession control)
{
    private readonly List<HeldChange> held = [];

    /// <summary>Keys of rows that the table has no more, and of which the log goes on to say so: downstream never gets them. After a crash it may get the delete alone.</summary>
    private readonly HashSet<ChunkKey> gone = [];

    private TableSnapshotState state = null!;
    private ChangeOrigin? origin;
    private PostgresTransaction transaction = null!;
    private int changes;

    /// <summary>What the table is, as the log has it.</summary>
    internal TableBinding Binding => binding;

    internal PostgresTable Definition => binding.Definition;

    internal TableOutput[] Outputs => binding.Outputs;

    /// <summary>The snapshot under way, or the last one; null when the table was handed over in an earlier run.</summary>
    internal TableSnapshot? Snapshot { get; set; }

    /// <summary>How far it is handed over. The same object until something is other than it was.</summary>
    internal required TableSnapshotState State
    {
        get
        {
            if (Snapshot is { } snapshot && !state.IsComplete)
            {
                state = snapshot.State with { Facts = state.Facts, ReselectedUpTo = state.ReselectedUpTo };
            }

            return state;
        }

        init => state = value;
    }

    /// <summary>The catalogue as it was when it was last looked at.</summary>
    internal TableFacts? Facts
    {
        get => state.Facts;
        set => state = state with { Facts = value };
    }

    /// <summary>Whether it is read anew, so that downstream must begin with an empty table.</summary>
    internal bool StartsOver { get; init; }

    private TableSnapshot? Running => Snapshot is { IsComplete: false } running ? running : null;

    /// <summary>An event of this table comes.</summary>
    /// <param name="entered">Its transaction.</param>
    /// <returns>Whether it is the transaction's first.</returns>
    internal bool Enter(PostgresTransaction entered)
    {
        if (ReferenceEquals(transaction, entered))
        {
            return false;
        }

        (transaction, origin, changes) = (entered, null, 0);
        if (entered.CommitLsn >= state.ReselectedUpTo)
        {
            gone.Clear();
        }

        return true;
    }

    /// <summary>Binds the outputs to the table as the log describes it from now on.</summary>
    internal void Bind(Relation described, BeginMessage inTransaction, PostgresTypeCatalog types, RoundBuilder round) =>
        binding.Bind(described, inTransaction, types, round, isBeingRead: Running is not null);

    /// <summary>Counts changes of the transaction.</summary>
    /// <returns>The first one's number among the table's, from 1.</returns>
    internal int Count(int made)
    {
        changes += made;
        return changes - made + 1;
    }

    internal void Insert(TupleData row, LogEvent at)
    {
        if (Route(Key(row, default), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Insert(row, OldTupleKind.None, default, Metadata(at, 0), hold);
            }

            Keep(window, key);
        }
    }

    internal void Update(OldTupleKind oldKind, TupleData old, TupleData row, LogEvent at)
    {
        if (transaction.CommitLsn < state.ReselectedUpTo && oldKind != OldTupleKind.Full && reselection.Lacks(row, old) && RouteNow(row, old) != ChangeRoute.Drop)
        {
            if (!TryReselect(row, old, out var whole))
            {
                return; // Downstream may never have had the row, and the log goes on to say that it is gone.
            }

            oldKind = OldTupleKind.Key;
            old = whole;
        }

        if (Route(Key(row, old), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Update(oldKind, old, row, Metadata(at, 0), hold);
            }

            Keep(window, key);
        }
    }

    /// <summary>An update that gave the row another key.</summary>
    internal void Move(OldTupleKind oldKind, TupleData old, TupleData row, LogEvent at)
    {
        var reselects = oldKind != OldTupleKind.Full && reselection.Lacks(row, old) && LeavesValuesBehind(old, row);
        Delete(oldKind, old, at);
        if (!reselects)
        {
            Renamed(oldKind, old, row, at);
        }
        else if (TryReselect(row, old, out var whole))
        {
            Renamed(OldTupleKind.Full, whole, row, at);
        }
        else if (binding.Keys.KeyOf(row, old)! is var key && Running?.TryReadAgain(key, control) != true)
        {
            gone.Add(key);
        }
    }

    internal void Delete(OldTupleKind oldKind, TupleData old, LogEvent at)
    {
        if (Route(Key(old, default), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Delete(oldKind, old, Metadata(at, 0), hold);
            }

            Keep(window, key);
        }
        else if (key is not null)
        {
            gone.Remove(key);
        }
    }

    internal void Truncate(LogEvent at)
    {
        Running?.Locate(control);
        foreach (var output in Outputs)
        {
            output.Truncate(Metadata(at, 0));
        }

        Running?.Truncate(transaction.Xid);
        gone.Clear();
    }

    /// <summary>Hands over a truncate of the source's own making: downstream begins anew.</summary>
    internal void Empty(Lsn delivered, DateTimeOffset now)
    {
        // Records of the log begin at every eighth byte: this is after whatever was delivered and before the first row that is read, which has the byte after it.
        var place = origins.Read(new Lsn(delivered.Value - 2), now);
        foreach (var output in Outputs)
        {
            output.Truncate(new ChangeMetadata(place, 0, 0));
        }
    }

    /// <summary>The transaction's events so far are delivered: nothing may wait for its key to be located.</summary>
    internal void Settle() => Running?.Locate(control);

    // Whether downstream has no row to take the values from: that of the old key was not handed over, or is gone by the time the new one's comes;
    // or it may be one of which that was true.
    private bool LeavesValuesBehind(TupleData old, TupleData row) => RouteNow(row, old) switch
    {
        ChangeRoute.Drop => false,
        ChangeRoute.Hold => true,
        _ => transaction.CommitLsn < state.ReselectedUpTo || RouteNow(old, default) != ChangeRoute.Emit,
    };

    private ChangeRoute RouteNow(TupleData row, TupleData old) => Running?.RouteOf(binding.Keys.KeyOf(row, old)!, control) ?? ChangeRoute.Emit;

    private bool TryReselect(TupleData row, TupleData old, out TupleData whole)
    {
        // The log has a transaction before other sessions see it, and who does not see it would take the row for gone.
        control.WaitUntilVisible(transaction.Xid);
        var isFound = reselection.TryRead(row, old, binding.Keys.KeyOf(row, old)!, out whole);
        state = state with { ReselectedUpTo = reselection.UpTo };
        return isFound;
    }

    // The second half of a key update: the row under its new key.
    private void Renamed(OldTupleKind oldKind, TupleData old, TupleData row, LogEvent at)
    {
        if (Route(Key(row, old), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Insert(row, oldKind, old, Metadata(at, 1), hold);
            }

            Keep(window, key);
        }
    }

    /// <summary>Whether the change is wanted at all; if so, what collects it (null: it goes straight to the outputs).</summary>
    private bool Route(ChunkKey? key, out List<HeldChange>? hold, out Chunk<ChunkRows, HeldChange>? window, out ChunkKey? located)
    {
        (hold, window, located) = (null, null, key);
        if (key is not null && gone.Contains(key))
        {
            return false;
        }

        if (Running is not { } snapshot)
        {
            return true;
        }

        if (snapshot.TryRoute(key, transaction.Xid, out var route, out window) && route != ChangeRoute.Hold)
        {
            return route == ChangeRoute.Emit;
        }

        held.Clear();
        hold = held;
        return true;
    }

    private void Keep(Chunk<ChunkRows, HeldChange>? window, ChunkKey? key)
    {
        if (held.Count == 0)
        {
            return;
        }

        if (window is not null)
        {
            Snapshot!.Hold(window, transaction.Xid, held);
        }
        else
        {
            Snapshot!.Defer(key!, transaction.Xid, [.. held], control);
        }

        held.Clear();
    }

    private ChangeMetadata Metadata(LogEvent at, short row) => at.Metadata(origin ??= origins.Logged(transaction), row);

    // Only a running snapshot, and rows that are gone, ask for keys; so only then are their texts made.
    private ChunkKey? Key(TupleData row, TupleData old) => Running is null && gone.Count == 0 ? null : binding.Keys.KeyOf(row, old);
}
