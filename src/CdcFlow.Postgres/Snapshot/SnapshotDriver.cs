using CdcFlow.Capture;
using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Rounds;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Drives the snapshots of all tables beside the log: gives work to the readers, and hands chunks over when the log is far enough.</summary>
/// <remarks>Touched by the log's reader only; see docs/decisions/0006-hand-over.md.</remarks>
internal sealed class SnapshotDriver : IDisposable
{
    /// <summary>Work given out per reader: the next piece must be there when one is done, since the log's reader may be busy then.</summary>
    private const int WorkPerReader = 3;

    /// <summary>Chunks, or batches of a pass, that are handed over before the log is looked at again.</summary>
    private const int EmittedAtOnce = 4;

    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan lookAgainAtMost = TimeSpan.FromMilliseconds(50);

    private readonly List<TableSnapshot> tables;
    private readonly SnapshotReaders readers;
    private readonly ControlSession control;
    private readonly ChunkLimits limits;
    private readonly int heldChunks;
    private readonly IConnectorLog log;
    private readonly VisibilityGate gate = new();
    private Lsn pushedFor;
    private Lsn lastPlace;

    /// <param name="tables">The tables that are not complete.</param>
    /// <param name="readers">What reads them.</param>
    /// <param name="control">For looking and pushing.</param>
    /// <param name="limits">Bytes.</param>
    /// <param name="heldChunks">How many chunks may be begun at a time: their bytes together must stay under half of the budget, or the log could starve.</param>
    /// <param name="log">Where a stalled snapshot is reported.</param>
    internal SnapshotDriver(
        IReadOnlyList<TableSnapshot> tables, SnapshotReaders readers, ControlSession control, ChunkLimits limits, int heldChunks, IConnectorLog log)
    {
        this.tables = [.. tables];
        this.readers = readers;
        this.control = control;
        this.limits = limits;
        this.heldChunks = heldChunks;
        this.log = log;
    }

    /// <summary>Whether some table is not handed over whole yet.</summary>
    internal bool IsActive => tables.Count > 0;

    /// <summary>What lets large rows through.</summary>
    internal LargeRows Large => limits.Large;

    /// <summary>Waits until every transaction that is in progress now has ended, so that what committed before the slot began is visible.</summary>
    internal static void WaitUntilSettled(ControlSession control, IConnectorLog log, TimeProvider time, CancellationToken stopping)
    {
        // Not a snapshot's xmax: that is one above the last transaction that ended, and those that commits stall behind it may be far beyond.
        var last = control.TakeTransactionId();
        var started = time.GetTimestamp();
        var isReported = false;
        while (!control.Observe(out _).IsPast(last))
        {
            isReported = isReported || Report(control, log, time.GetElapsedTime(started));
            Pause(lookAgainAtMost, stopping);
        }
    }

    /// <summary>Whether the log must wait until more of a table is handed over.</summary>
    internal bool HoldsTheLog
    {
        get
        {
            foreach (var table in tables)
            {
                if (table.HoldsTheLog)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether the log is past the places that rows were read at: what a next run reads must be told from them. Moves it where nobody writes.</summary>
    internal bool IsPassed(Lsn delivered)
    {
        if (delivered > lastPlace)
        {
            return true;
        }

        PushTo(new Lsn(delivered.Value + 1));
        return false;
    }

    /// <summary>Goes on with the snapshots, also while one of them holds the log back. Every change before must be located.</summary>
    /// <param name="delivered">Where the log is.</param>
    /// <param name="round">Takes what is handed over.</param>
    /// <param name="flush">Ends the round if there is something in it.</param>
    internal void ServiceBeforeLog(Lsn delivered, RoundBuilder round, Action flush)
    {
        Service(delivered, round, flush);
        while (HoldsTheLog)
        {
            Pause(lookAgain, limits.Stopping);
            Service(delivered, round, flush);
        }
    }

    // Takes results over, hands over what is ready, gives out work. What is handed over leaves the round at once: its bytes could be all that the
    // budget has, and the next thing that the log's reader does may be to ask for some.
    private void Service(Lsn delivered, RoundBuilder round, Action flush)
    {
        while (readers.TryTake(out var work))
        {
            work!.Apply();
            if (work is ReadChunkWork read)
            {
                gate.Observe(read.Seen);
            }
        }

        foreach (var table in tables)
        {
            Emit(table, delivered, round, flush);
        }

        if (tables.RemoveAll(table => table.IsComplete) > 0)
        {
            round.CountState();
        }

        flush();
        if (!IsActive)
        {
            readers.Dispose();
            return;
        }

        Dispatch(delivered);
        PushLog(delivered);
    }

    // A pass may fill up as fast as it is drained: the log gets its turn in between, if it has something. The last round of a table
    // is for the caller: it is to say that the table is complete.
    private void Emit(TableSnapshot table, Lsn delivered, RoundBuilder round, Action flush)
    {
        for (var emitted = 1; table.TryEmit(delivered, round) && !table.IsComplete; emitted++)
        {
            flush();
            if (emitted == EmittedAtOnce)
            {
                limits.Wake();
                return;
            }
        }
    }

    /// <summary>Waits until the transaction is visible to a snapshot that was seen; meanwhile the readers go on.</summary>
    internal void WaitUntilVisible(uint xid, Lsn delivered, RoundBuilder round, Action flush)
    {
        var pause = lookAgain;
        var started = limits.Time.GetTimestamp();
        var isReported = false;
        while (IsActive && !gate.Admits(xid))
        {
            gate.Observe(control.Observe(out _));
            if (gate.Admits(xid))
            {
                return;
            }

            Service(delivered, round, flush);
            isReported = isReported || Report(control, log, limits.Time.GetElapsedTime(started));
            Pause(pause, limits.Stopping);
            pause = pause * 2 < lookAgainAtMost ? pause * 2 : lookAgainAtMost;
        }
    }

    public void Dispose() => readers.Dispose();

    // In the order of the tables: the first are finished first, and later ones fill readers that would idle. Tables without a key come before
    // all, one at a time and alone: they may hold the log back, which chunks of others would wait for.
    private void Dispatch(Lsn delivered)
    {
        if (tables.FirstOrDefault(table => !table.IsKeyed) is { } keyless)
        {
            while (keyless.NextReader(readers.Count, delivered, limits) is { } reader)
            {
                lastPlace = delivered;
                readers.Submit(reader);
            }

            return;
        }

        foreach (var table in tables)
        {
            if (readers.Outstanding < readers.Count * WorkPerReader && table.Chunks.NextPlan(readers.Count * WorkPerReader) is { } plan)
            {
                readers.Submit(plan);
            }

            while (readers.Outstanding < readers.Count * WorkPerReader && tables.Sum(other => other.Chunks.Begun) < heldChunks
                && table.Chunks.Ready is { } chunk)
            {
                lastPlace = delivered;
                readers.Submit(table.Chunks.Begin(chunk, delivered, limits));
            }
        }
    }

    // On a quiet server nothing moves the log past a chunk's high watermark, or flushes it up to there.
    private void PushLog(Lsn delivered)
    {
        var waitsFor = tables.Count == 0 ? default : tables.Max(table => table.WaitsFor);
        if (waitsFor > delivered)
        {
            PushTo(waitsFor);
        }
    }

    private void PushTo(Lsn place)
    {
        if (place > pushedFor)
        {
            control.Push();
            pushedFor = place;
        }
    }

    private static bool Report(ControlSession control, IConnectorLog log, TimeSpan waited)
    {
        if (waited < WaitWatch.After)
        {
            return false;
        }

        log.Warning(
            PostgresSourceErrorCodes.SnapshotWaits,
            $"The snapshot waits for a transaction that the log has and no session can see yet, or that has not ended: {Blockers.InProgress(control.Connection) ?? "it is just ending"}. "
            + "SELECT pid, state, wait_event, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL shows more; a commit that waits for a standby says SyncRep.");
        return true;
    }

    private static void Pause(TimeSpan time, CancellationToken stopping)
    {
        stopping.WaitHandle.WaitOne(time);
        stopping.ThrowIfCancellationRequested();
    }
}
