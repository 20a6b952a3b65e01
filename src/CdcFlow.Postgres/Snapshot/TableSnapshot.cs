using CdcFlow.Batches;
using CdcFlow.Capture;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The snapshot of one table: hands its rows over, and says of each change of the log whether it goes before them, after them or with them.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class TableSnapshot
{
    /// <summary>Bytes in one window beyond which its chunk is read again later, or the log is held back.</summary>
    private readonly long windowBytes;

    private readonly ChunkSizer sizer;
    private readonly KeyOrder order;
    private readonly ChunkReconciler<ChunkRows, HeldChange> reconciler;
    private readonly UnlocatedChanges unlocated = new();
    private readonly TableReads reads;
    private readonly string? published;
    private readonly bool isAgain;
    private TablePass? pass;

    internal TableSnapshot(TableReads reads, TableSnapshotState state, ChunkSizer sizer, long windowBytes)
    {
        this.windowBytes = windowBytes;
        this.sizer = sizer;
        this.reads = reads;
        (published, isAgain) = (state.Published, state.IsAgain);
        var definition = reads.Definition;
        order = new KeyOrder([.. definition.Key.Select(column => column.Order)]);
        BeginsAnew = state.Rows == 0 ? null
            : state.Frontier is null ? "has no key, and its snapshot was not complete"
            : state.Key is { } key && key != definition.KeyDescription ? "has another key than when its snapshot began"
            : state.Form is { } form && form != reads.Form.Text ? "has other columns than when it began to be read again"
            : null;
        reconciler = new ChunkReconciler<ChunkRows, HeldChange>(BeginsAnew is not null ? null : state.Frontier);
        Chunks = new TableChunks(reads, reconciler, sizer);
        Rows = BeginsAnew is not null ? 0 : state.Rows;
    }

    /// <summary>How it is read, if it has a key; otherwise <see cref="NextReader"/> says.</summary>
    internal TableChunks Chunks { get; }

    private PostgresTable Definition => reads.Definition;

    internal bool IsKeyed => Definition.Key.Count > 0;

    /// <summary>Why rows that were handed over before cannot be told from those to come, so that downstream must begin with an empty table; null: they can.</summary>
    internal string? BeginsAnew { get; }

    internal bool IsComplete => reconciler.IsComplete;

    /// <summary>Rows handed over.</summary>
    internal long Rows { get; private set; }

    internal TableSnapshotState State => new(Definition.Id, IsComplete, reconciler.Frontier, Rows)
    {
        Key = Definition.KeyDescription,
        Published = published,
        IsAgain = isAgain && !IsComplete,
        Form = isAgain && !IsComplete ? reads.Form.Text : null,
    };

    internal TableProgress Progress => new(Definition.Id, Rows, Definition.EstimatedRows, IsComplete);

    /// <summary>The highest high watermark that rows wait for, or will; default when none do.</summary>
    internal Lsn WaitsFor => pass?.Snapshot is { } taken ? taken.High : Chunks.High;

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
            var whole = Chunks.NotBegun.FirstOrDefault() ?? reconciler.Plan(null);
            reconciler.Start(whole);
            pass = new TablePass(reads, whole, sizer, new Lsn(delivered.Value - 1), limits);
        }

        return pass.NextReader(readers);
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

    /// <summary>Where a change of a key belongs. Asks the server where only it can say.</summary>
    internal ChangeRoute RouteOf(ChunkKey key, ControlSession control) => RouteOf(key, control, out _);

    private ChangeRoute RouteOf(ChunkKey key, ControlSession control, out Chunk<ChunkRows, HeldChange>? window)
    {
        Locate(control);
        var bounds = reconciler.Bounds;
        var below = 0;
        if (bounds.Count > 0 && !order.TryCountBelow(bounds, key, out below))
        {
            below = UnlocatedChanges.CountBelow(bounds, [key], Chunks.Sql, control)[key];
        }

        return reconciler.Route(below, out window);
    }

    /// <summary>Reads the chunk again that a key belongs to, if one is begun.</summary>
    /// <returns>Whether that is so.</returns>
    internal bool TryReadAgain(ChunkKey key, ControlSession control)
    {
        if (RouteOf(key, control, out var window) != ChangeRoute.Hold)
        {
            return false;
        }

        ReadAgain(window!);
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

        foreach (var (below, xid, change) in unlocated.Locate(reconciler.Bounds, Chunks.Sql, control))
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
            ReadAgain(window);
        }
    }

    private void ReadAgain(Chunk<ChunkRows, HeldChange> window)
    {
        window.Rows?.Release();
        reconciler.Restart(window);
        pass?.GiveUp();
        pass = null;
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

        Rows += output == reads.FirstOutput ? batch.Count : 0;
        round.CloseBatches();
        round.AddRead(output, batch);
    }
}
