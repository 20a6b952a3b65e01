using CdcFlow.Batches;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Source;
using CdcFlow.Snapshots;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The snapshot of one table: its hand-over, and how it is read.</summary>
/// <remarks>Touched by the log's reader only, except <see cref="Sql"/> and <see cref="Reads"/>.</remarks>
internal sealed class TableSnapshot
{
    /// <summary>Bytes in one window beyond which its chunk is read again later, or the log is held back.</summary>
    private readonly long windowBytes;

    private readonly ChunkSizer sizer;
    private readonly ChunkBounds bounds;
    private readonly KeyOrder order;
    private readonly ChunkReconciler<ChunkRows, HeldChange> reconciler;
    private readonly UnlocatedChanges unlocated = new();
    private readonly List<ReadChunkWork> begun = [];
    private bool isPlanning;
    private TablePass? pass;
    private Lsn lastHigh;

    internal TableSnapshot(TableReads reads, TableSnapshotState state, ChunkSizer sizer, long windowBytes)
    {
        this.windowBytes = windowBytes;
        this.sizer = sizer;
        var definition = reads.Definition;
        Reads = reads;
        Sql = new ChunkSql(definition);
        bounds = new ChunkBounds(definition.Key);
        order = new KeyOrder([.. definition.Key.Select(column => column.Order)]);
        StartsOver = state.Rows > 0 && (state.Frontier is null || (state.Key is { } key && key != definition.KeyDescription));
        reconciler = new ChunkReconciler<ChunkRows, HeldChange>(StartsOver ? null : state.Frontier);
        Rows = StartsOver ? 0 : state.Rows;
    }

    internal ChunkSql Sql { get; }

    internal TableReads Reads { get; }

    private PostgresTable Definition => Reads.Definition;

    internal bool IsKeyed => Definition.Key.Count > 0;

    /// <summary>Rows that were handed over before cannot be told from those to come: downstream must begin with an empty table.</summary>
    internal bool StartsOver { get; }

    internal bool IsComplete => reconciler.IsComplete;

    /// <summary>Rows handed over.</summary>
    internal long Rows { get; private set; }

    internal TableSnapshotState State => new(Definition.Id, IsComplete, reconciler.Frontier, Rows) { Key = Definition.KeyDescription };

    internal TableProgress Progress => new(Definition.Id, Rows, Definition.EstimatedRows, IsComplete);

    /// <summary>Chunks that are planned and not begun, and whether more should be planned.</summary>
    internal IEnumerable<Chunk<ChunkRows, HeldChange>> Ready => reconciler.Chunks.Where(chunk => chunk.Phase == ChunkPhase.Planned);

    /// <summary>Chunks whose rows are, or soon will be, in memory.</summary>
    internal int Begun => reconciler.Chunks.Count(chunk => chunk.Phase != ChunkPhase.Planned);

    /// <summary>The highest high watermark that rows wait for, or will; default when none do.</summary>
    internal Lsn WaitsFor => pass?.Snapshot is { } taken ? taken.High : begun.Select(work => work.High).Append(lastHigh).Max();

    /// <summary>Whether the log may not be read on: changes would pile up behind a table that is handed over in one pass.</summary>
    internal bool HoldsTheLog => pass is { IsFlowing: true } && pass.Chunk.HeldBytes > windowBytes;

    /// <summary>The next reader's work of the one pass over a table without a key; null when no more are of use.</summary>
    /// <param name="readers">How many there may be.</param>
    /// <param name="delivered">Where the log is.</param>
    /// <param name="limits">Bytes.</param>
    internal SnapshotWork? NextReader(int readers, Lsn delivered, ChunkLimits limits)
    {
        if (pass is null)
        {
            var whole = Ready.FirstOrDefault() ?? reconciler.Plan(null);
            reconciler.Start(whole);
            pass = new TablePass(Reads, whole, sizer, new Lsn(delivered.Value - 1), limits);
        }

        return pass.NextReader(readers);
    }

    /// <summary>Plans chunks, as many as are wanted and can be foretold; the work that plans the next one where only the server knows its end.</summary>
    /// <param name="ahead">How many chunks may be planned and not begun.</param>
    internal SnapshotWork? NextPlan(int ahead)
    {
        while (!isPlanning && reconciler.NeedsPlanning && Ready.Count() < ahead)
        {
            if (bounds.Next(reconciler.PlannedUpTo, sizer.NextRows) is not { } bound)
            {
                isPlanning = true;
                return new PlanWork(this, new ChunkRange(reconciler.PlannedUpTo, null), sizer.NextRows);
            }

            reconciler.Plan(bound);
        }

        return null;
    }

    internal void Planned(ChunkKey? bound)
    {
        isPlanning = false;
        reconciler.Plan(bound);
    }

    /// <summary>Begins the chunk; only then may its snapshot be taken.</summary>
    internal SnapshotWork Begin(Chunk<ChunkRows, HeldChange> chunk, Lsn delivered, ChunkLimits limits)
    {
        reconciler.Start(chunk);
        var work = new ReadChunkWork(this, chunk, new Lsn(delivered.Value - 1), limits);
        begun.Add(work);
        return work;
    }

    /// <summary>Takes over what a reader has read.</summary>
    internal void Read(ReadChunkWork work, TimeSpan elapsed)
    {
        begun.Remove(work);
        lastHigh = work.High > lastHigh ? work.High : lastHigh;
        var isStillWanted = reconciler.Chunks.Contains(work.Chunk);
        if (work.IsTooLarge)
        {
            sizer.LearnTooLarge(work.Rows.Rows, work.Rows.Bytes);
            bounds.Forget();
            if (isStillWanted)
            {
                SplitOrRestart(work.Chunk, work.TooLargeAt);
            }
        }
        else if (isStillWanted)
        {
            sizer.Learn(work.Rows.Rows, work.Rows.Bytes, elapsed);
            bounds.Learn(work.Chunk.Range, work.Rows.Rows);
            reconciler.Complete(work.Chunk, work.Rows, work.Seen, work.High.Value);
        }
        else
        {
            work.Rows.Release();
        }
    }

    /// <summary>Hands over the next chunk if the log is far enough.</summary>
    internal bool TryEmit(Lsn delivered, RoundBuilder round)
    {
        if (pass is not null && TryEmitPass(pass, delivered, round))
        {
            return true;
        }

        if (reconciler.TryEmit(delivered.Value) is not { } emission)
        {
            return false;
        }

        round.CloseBatches();
        if (emission.IsEmptied)
        {
            emission.Rows.Release();
        }
        else
        {
            Rows += emission.Rows.Rows;
            foreach (var (output, element) in emission.Rows.Batches)
            {
                round.AddRead(output, (ChangeBatch)element);
            }
        }

        foreach (var change in emission.Changes)
        {
            change.Emit();
        }

        return true;
    }

    /// <summary>Where a change belongs, if that can be said at once.</summary>
    /// <returns>False: its key must be located by the server, so it is to be <see cref="Defer"/>red.</returns>
    internal bool TryRoute(ChunkKey? key, uint xid, out ChangeRoute route, out Chunk<ChunkRows, HeldChange>? window)
    {
        var below = 0;
        if (!unlocated.IsEmpty || (reconciler.Bounds.Count > 0 && !order.TryCountBelow(reconciler.Bounds, key!, out below)))
        {
            (route, window) = (ChangeRoute.Hold, null);
            return false;
        }

        route = reconciler.Route(below, out window);
        if (route == ChangeRoute.Hold && pass?.Snapshot is { } taken && taken.Seen.Contains(xid))
        {
            route = ChangeRoute.Drop; // The window of a pass is open for long, and what the pass shows need not wait in it.
        }

        return true;
    }

    /// <summary>Keeps a change until its key is located.</summary>
    internal void Defer(ChunkKey key, uint xid, IReadOnlyList<HeldChange> changes, ControlSession control)
    {
        unlocated.Add(key, xid, changes);
        if (unlocated.IsFull)
        {
            Locate(control);
        }
    }

    /// <summary>Asks the server where the deferred changes belong. Before chunks change, and before the transaction counts as delivered.</summary>
    internal void Locate(ControlSession control)
    {
        if (unlocated.IsEmpty)
        {
            return;
        }

        foreach (var (below, xid, change) in unlocated.Locate(reconciler.Bounds, Sql, control))
        {
            switch (reconciler.Route(below, out var window))
            {
                case ChangeRoute.Emit:
                    change.Emit();
                    break;
                case ChangeRoute.Hold:
                    Hold(window!, xid, [change]);
                    break;
            }
        }
    }

    /// <summary>Puts changes into a window.</summary>
    internal void Hold(Chunk<ChunkRows, HeldChange> window, uint xid, IReadOnlyList<HeldChange> changes)
    {
        foreach (var change in changes)
        {
            window.Hold(xid, change, change.Bytes);
        }

        // What is in the window has passed the gate, so reading again later shows it. A pass whose rows flow is not read again: it holds the log.
        if (window.HeldBytes > windowBytes && pass is not { IsFlowing: true })
        {
            window.Rows?.Release();
            reconciler.Restart(window);
            pass?.GiveUp();
            pass = null;
        }
    }

    /// <summary>Takes note of a truncate that was handed over.</summary>
    internal void Truncate(uint xid) => reconciler.Truncate(xid);

    // Once the log is delivered up to the pass's high watermark, what it shows was dropped and what it does not waits in the window.
    private bool TryEmitPass(TablePass reading, Lsn delivered, RoundBuilder round)
    {
        if (reading.Snapshot is not { } taken || delivered < taken.High || reading.Chunk.Phase != ChunkPhase.InFlight)
        {
            return false;
        }

        reading.IsFlowing = true;
        var isTaken = reading.TryTake(out var element);
        if (isTaken)
        {
            Add((ChangeBatch)element.Element, element.Output, isEmptied: reading.Chunk.IsEmptiedSince(taken.Seen), round);
        }
        else if (reading.IsDrained)
        {
            reconciler.Complete(reading.Chunk, new ChunkRows(), taken.Seen, taken.High.Value);
        }

        return isTaken;
    }

    private void Add(ChangeBatch batch, int output, bool isEmptied, RoundBuilder round)
    {
        if (isEmptied)
        {
            batch.Release();
            return;
        }

        Rows += output == Reads.FirstOutput ? batch.Count : 0;
        round.CloseBatches();
        round.AddRead(output, batch);
    }

    private void SplitOrRestart(Chunk<ChunkRows, HeldChange> chunk, ChunkKey? at)
    {
        if (at is not null && !at.Equals(chunk.Range.UpTo))
        {
            reconciler.Split(chunk, at);
        }
        else
        {
            reconciler.Restart(chunk);
        }
    }
}
