using CdcFlow.Batches;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Source;
using CdcFlow.Snapshots;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The snapshot of one table: its hand-over, and how it is read.</summary>
/// <remarks>Touched by the log's reader only, except <see cref="Sql"/>, <see cref="NewOutputs"/>, <see cref="OriginOfRead"/>.</remarks>
internal sealed class TableSnapshot
{
    /// <summary>Changes waiting to be located before the server is asked.</summary>
    private const int LocateAtOnce = 500;

    /// <summary>Bytes in one window beyond which its chunk is read again later, or the log is held back.</summary>
    private readonly long windowBytes;

    private readonly TableOrigins origins;
    private readonly PostgresTable definition;
    private readonly TableOutput[] outputs;
    private readonly KeyOrder order;
    private readonly ChunkSizer sizer;
    private readonly ChunkReconciler<ChunkRows, HeldChange> reconciler;
    private readonly List<(ChunkKey Key, uint Xid, HeldChange Change)> unlocated = [];
    private readonly List<ReadChunkWork> begun = [];
    private bool isPlanning;
    private ReadTableWork? pass;
    private Lsn lastHigh;

    internal TableSnapshot(TableOrigins origins, PostgresTable definition, TableOutput[] outputs, TableSnapshotState state, ChunkSizer sizer, long windowBytes)
    {
        this.windowBytes = windowBytes;
        this.origins = origins;
        this.definition = definition;
        this.outputs = outputs;
        this.sizer = sizer;
        order = new KeyOrder([.. definition.Key.Select(column => column.Order)]);
        reconciler = new ChunkReconciler<ChunkRows, HeldChange>(state.Frontier);
        Sql = new ChunkSql(definition);
        Rows = state.Rows;
        StartsOver = state is { Frontier: null, Rows: > 0 };
    }

    internal ChunkSql Sql { get; }

    internal TableId Table => definition.Id;

    internal bool IsKeyed => definition.Key.Count > 0;

    /// <summary>Rows that were handed over before cannot be told from those to come: downstream must begin with an empty table.</summary>
    internal bool StartsOver { get; private set; }

    internal bool IsComplete => reconciler.IsComplete;

    /// <summary>Rows handed over.</summary>
    internal long Rows { get; private set; }

    internal TableSnapshotState State => new(Table, IsComplete, reconciler.Frontier, Rows);

    internal TableProgress Progress => new(Table, Rows, definition.EstimatedRows, IsComplete);

    /// <summary>Chunks that are planned and not begun, and whether more should be planned.</summary>
    internal IEnumerable<Chunk<ChunkRows, HeldChange>> Ready => reconciler.Chunks.Where(chunk => chunk.Phase == ChunkPhase.Planned);

    /// <summary>Chunks whose rows are, or soon will be, in memory.</summary>
    internal int Begun => reconciler.Chunks.Count(chunk => chunk.Phase != ChunkPhase.Planned);

    /// <summary>The highest high watermark that rows wait for, or will; default when none do.</summary>
    internal Lsn WaitsFor => pass is { Seen: not null } ? pass.High : begun.Select(work => work.High).Append(lastHigh).Max();

    internal IReadOnlyList<ChunkOutput> NewOutputs() => [.. outputs.Select(output => output.NewChunk())];

    /// <summary>The origin of rows read. Its place in the log is before that of any later change of the same rows.</summary>
    internal ChangeOrigin OriginOfRead(Lsn validFrom, DateTimeOffset now) => origins.Read(validFrom, now);

    /// <summary>Whether the log may not be read on: changes would pile up behind a table that is handed over in one pass.</summary>
    internal bool HoldsTheLog(Lsn delivered) => pass is { Seen: not null } && delivered >= pass.High && pass.Chunk.HeldBytes > windowBytes;

    /// <summary>Begins the one pass over a table without a key; null when it is under way.</summary>
    internal SnapshotWork? NextPass(Lsn delivered, ChunkLimits limits, Action wake)
    {
        if (pass is not null)
        {
            return null;
        }

        var whole = reconciler.Plan(null);
        reconciler.Start(whole);
        return pass = new ReadTableWork(this, whole, new Lsn(delivered.Value - 1), limits, wake);
    }

    /// <summary>The work that plans the next chunk, when one is wanted.</summary>
    /// <param name="ahead">How many chunks may be planned and not begun.</param>
    internal SnapshotWork? NextPlan(int ahead)
    {
        if (isPlanning || !reconciler.NeedsPlanning || Ready.Count() >= ahead)
        {
            return null;
        }

        isPlanning = true;
        return new PlanWork(this, new ChunkRange(reconciler.PlannedUpTo, null), sizer.NextRows);
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
            if (isStillWanted)
            {
                SplitOrRestart(work.Chunk, work.TooLargeAt);
            }
        }
        else if (isStillWanted)
        {
            sizer.Learn(work.Rows.Rows, work.Rows.Bytes, elapsed);
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
        if (pass is not null)
        {
            EmitPass(pass, delivered, round);
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
    internal bool TryRoute(ChunkKey? key, out ChangeRoute route, out Chunk<ChunkRows, HeldChange>? window)
    {
        var below = 0;
        if (unlocated.Count > 0 || (reconciler.Bounds.Count > 0 && !order.TryCountBelow(reconciler.Bounds, key!, out below)))
        {
            (route, window) = (ChangeRoute.Hold, null);
            return false;
        }

        route = reconciler.Route(below, out window);
        return true;
    }

    /// <summary>Keeps a change until its key is located.</summary>
    internal void Defer(ChunkKey key, uint xid, IReadOnlyList<HeldChange> changes, ControlSession control)
    {
        unlocated.AddRange(changes.Select(change => (key, xid, change)));
        if (unlocated.Count >= LocateAtOnce)
        {
            Locate(control);
        }
    }

    /// <summary>Asks the server where the deferred changes belong. Before chunks change, and before the transaction counts as delivered.</summary>
    internal void Locate(ControlSession control)
    {
        if (unlocated.Count == 0)
        {
            return;
        }

        var keys = unlocated.Select(deferred => deferred.Key).Distinct().ToArray();
        var counts = control.Connection.Query(Sql.CountBelow(reconciler.Bounds, keys)).Rows;
        var below = keys.Zip(counts, (key, row) => (key, int.Parse(row[0]!, System.Globalization.CultureInfo.InvariantCulture)))
            .ToDictionary(pair => pair.key, pair => pair.Item2);
        foreach (var (key, xid, change) in unlocated)
        {
            switch (reconciler.Route(below[key], out var window))
            {
                case ChangeRoute.Emit:
                    change.Emit();
                    break;
                case ChangeRoute.Hold:
                    Hold(window!, xid, [change]);
                    break;
            }
        }

        unlocated.Clear();
    }

    /// <summary>Puts changes into a window.</summary>
    internal void Hold(Chunk<ChunkRows, HeldChange> window, uint xid, IReadOnlyList<HeldChange> changes)
    {
        foreach (var change in changes)
        {
            window.Hold(xid, change, change.Bytes);
        }

        if (window.HeldBytes > windowBytes && IsKeyed)
        {
            // What is in the window has passed the gate, so reading again later shows it.
            window.Rows?.Release();
            reconciler.Restart(window);
        }
    }

    /// <summary>Takes note of a truncate that was handed over.</summary>
    internal void Truncate(uint xid) => reconciler.Truncate(xid);

    // Once the log is delivered up to the pass's high watermark, what it shows was dropped and what it does not waits in the window.
    private void EmitPass(ReadTableWork read, Lsn delivered, RoundBuilder round)
    {
        if (read.Seen is not { } seen || delivered < read.High || read.Chunk.Phase != ChunkPhase.InFlight)
        {
            return;
        }

        round.CloseBatches();
        while (read.TryTake(out var element))
        {
            var batch = (ChangeBatch)element.Element;
            if (read.Chunk.IsEmptiedSince(seen))
            {
                batch.Release();
            }
            else
            {
                Rows += element.Output == outputs[0].Index ? batch.Count : 0;
                round.AddRead(element.Output, batch);
            }
        }

        if (read.IsDrained)
        {
            reconciler.Complete(read.Chunk, new ChunkRows(), seen, read.High.Value);
        }
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
