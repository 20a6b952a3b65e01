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

    /// <summary>Changes in one window beyond which its chunk is read again later.</summary>
    private const int WindowChanges = 50_000;

    private readonly string source;
    private readonly PostgresTable definition;
    private readonly IReadOnlyList<TableOutput> outputs;
    private readonly KeyOrder order;
    private readonly ChunkSizer sizer;
    private readonly ChunkReconciler<ChunkRows, HeldChange> reconciler;
    private readonly List<(ChunkKey Key, uint Xid, HeldChange Change)> unlocated = [];
    private bool isPlanning;

    internal TableSnapshot(string source, PostgresTable definition, IReadOnlyList<TableOutput> outputs, TableSnapshotState state, ChunkSizer sizer)
    {
        this.source = source;
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

    /// <summary>The highest high watermark that rows wait for; default when none wait.</summary>
    internal Lsn WaitsFor => new(reconciler.Chunks.Where(chunk => chunk.Phase == ChunkPhase.Read).Select(chunk => chunk.High).DefaultIfEmpty().Max());

    internal IReadOnlyList<ChunkOutput> NewOutputs() => [.. outputs.Select(output => output.NewChunk())];

    /// <summary>The origin of rows read. Its place in the log is before that of any later change of the same rows.</summary>
    internal ChangeOrigin OriginOfRead(Lsn validFrom, DateTimeOffset now) =>
        new() { Source = source, Table = Table, Transaction = validFrom.Value, CommittedAt = now };

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
        return new ReadChunkWork(this, chunk, new Lsn(delivered.Value - 1), limits);
    }

    /// <summary>Takes over what a reader has read.</summary>
    internal void Read(ReadChunkWork work, TimeSpan elapsed)
    {
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
                round.AddRead(output, (CdcFlow.Batches.ChangeBatch)element);
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
            window.Hold(xid, change);
        }

        if (window.Held > WindowChanges)
        {
            // What is in the window has passed the gate, so reading again later shows it.
            window.Rows?.Release();
            reconciler.Restart(window);
        }
    }

    /// <summary>Takes note of a truncate that was handed over.</summary>
    internal void Truncate(uint xid) => reconciler.Truncate(xid);

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
