namespace CdcFlow.Capture;

/// <summary>Where a change of the log belongs while its table is being snapshotted.</summary>
public enum ChangeRoute
{
    /// <summary>Its chunk's snapshot is yet to be taken and will show it: nothing to do.</summary>
    Drop,

    /// <summary>Its chunk is being read: it waits in the chunk's window.</summary>
    Hold,

    /// <summary>Its row was handed over: so is the change.</summary>
    Emit,
}

/// <summary>The hand-over of one table: cuts it into chunks, and decides for every change of the log whether a chunk covers it.</summary>
/// <typeparam name="TRows">The rows of one chunk.</typeparam>
/// <typeparam name="TChange">A change of the log.</typeparam>
/// <remarks>
/// <para>Pure: knows no SQL and no key order. Keys are located by the caller, as the number of <see cref="Bounds"/> below them.
/// Chunks are emitted in key order, so one key, the <see cref="Frontier"/>, says how far the table is.</para>
/// <para>Right only when (1) changes come through a <see cref="VisibilityGate"/>, (2) <see cref="Start"/> is called before the chunk's
/// snapshot is taken, and (3) the high watermark is read after it. Then a change in the window is in the rows exactly if the snapshot shows
/// its transaction, and no shown change comes after the high watermark. See docs/decisions/0006-hand-over.md.</para>
/// <para>Touched by the log's reader only.</para>
/// </remarks>
public sealed class ChunkReconciler<TRows, TChange>
    where TRows : class
{
    private readonly List<Chunk<TRows, TChange>> chunks = [];
    private readonly List<ChunkKey> bounds = [];
    private bool isPlanned;

    private int FrontierBounds => Frontier is null ? 0 : 1;

    /// <summary>Begins, or goes on after the keys that were emitted before.</summary>
    /// <param name="frontier">The last emitted key; null: none yet.</param>
    public ChunkReconciler(ChunkKey? frontier)
    {
        Frontier = frontier;
        if (frontier is not null)
        {
            bounds.Add(frontier);
        }
    }

    /// <summary>A table that was emitted to its end before: every change is emitted.</summary>
    public static ChunkReconciler<TRows, TChange> Completed() => new(null) { IsComplete = true, isPlanned = true };

    /// <summary>Every key up to this one is emitted; null when none is (or, when <see cref="IsComplete"/>, when all are).</summary>
    public ChunkKey? Frontier { get; private set; }

    /// <summary>Whether the whole table is emitted.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The frontier, where there is one, and the upper bounds of all chunks beyond it; ascending. Changes only by calls on this object.</summary>
    public IReadOnlyList<ChunkKey> Bounds => bounds;

    /// <summary>Chunks that are planned and not emitted.</summary>
    public IReadOnlyList<Chunk<TRows, TChange>> Chunks => chunks;

    /// <summary>Whether some keys belong to no chunk yet: <see cref="PlannedUpTo"/> is where planning goes on.</summary>
    public bool NeedsPlanning => !isPlanned;

    /// <summary>The last bound; null before the first.</summary>
    public ChunkKey? PlannedUpTo => bounds.Count > 0 ? bounds[^1] : null;

    /// <summary>Adds the chunk that follows the last one.</summary>
    /// <param name="upTo">Its last key; null: the rest of the table.</param>
    public Chunk<TRows, TChange> Plan(ChunkKey? upTo)
    {
        if (isPlanned)
        {
            throw new InvalidOperationException("The table is planned to its end.");
        }

        var chunk = new Chunk<TRows, TChange>(new ChunkRange(PlannedUpTo, upTo));
        chunks.Add(chunk);
        if (upTo is null)
        {
            isPlanned = true;
        }
        else
        {
            bounds.Add(upTo);
        }

        return chunk;
    }

    /// <summary>Says that a reader is about to take the chunk's snapshot. Must happen before it does.</summary>
    public void Start(Chunk<TRows, TChange> chunk) => chunk.Start();

    /// <summary>The chunk turned out too large to hold: two planned chunks take its place.</summary>
    /// <remarks>Its window is dropped: those changes have passed the gate, so the next snapshots show them.</remarks>
    /// <param name="chunk">A chunk in flight.</param>
    /// <param name="at">A key of its range, not its last: the first part's upper bound.</param>
    public void Split(Chunk<TRows, TChange> chunk, ChunkKey at)
    {
        var index = chunks.IndexOf(chunk);
        if (index < 0 || chunk.Phase != ChunkPhase.InFlight)
        {
            throw new InvalidOperationException("Only a chunk in flight can be split.");
        }

        chunks[index] = new Chunk<TRows, TChange>(chunk.Range with { UpTo = at });
        chunks.Insert(index + 1, new Chunk<TRows, TChange>(chunk.Range with { After = at }));
        bounds.Insert(index + FrontierBounds, at);
    }

    /// <summary>Gives a chunk up, to be read again in a later snapshot: its window has grown too large, or it must be cut anew.</summary>
    /// <remarks>Its window is dropped: those changes have passed the gate, so the next snapshot shows them. What its reader brings is to be thrown away.</remarks>
    public void Restart(Chunk<TRows, TChange> chunk)
    {
        var index = chunks.IndexOf(chunk);
        if (index < 0 || chunk.Phase == ChunkPhase.Planned)
        {
            throw new InvalidOperationException("Only a begun chunk can be given up.");
        }

        chunks[index] = new Chunk<TRows, TChange>(chunk.Range);
    }

    /// <summary>Takes a chunk's rows.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="rows">All its rows, read in one snapshot.</param>
    /// <param name="seen">What that snapshot shows.</param>
    /// <param name="high">The log's end, read after the snapshot was taken: every transaction shown committed below it.</param>
    public void Complete(Chunk<TRows, TChange> chunk, TRows rows, ISeenTransactions seen, ulong high) => chunk.Complete(rows, seen, high);

    /// <summary>Decides what becomes of a change that has passed the gate.</summary>
    /// <param name="boundsBelow">How many of <see cref="Bounds"/> are below the change's key.</param>
    /// <param name="chunk">The chunk in whose window it must be held, for <see cref="ChangeRoute.Hold"/>.</param>
    public ChangeRoute Route(int boundsBelow, out Chunk<TRows, TChange>? chunk)
    {
        chunk = null;
        var index = boundsBelow - FrontierBounds;
        if (IsComplete || index < 0)
        {
            return ChangeRoute.Emit;
        }

        if (index >= chunks.Count || chunks[index].Phase == ChunkPhase.Planned)
        {
            return ChangeRoute.Drop;
        }

        chunk = chunks[index];
        return ChangeRoute.Hold;
    }

    /// <summary>Takes note that the table was emptied by a transaction that has passed the gate. The caller emits the truncate itself.</summary>
    public void Truncate(ulong transaction)
    {
        foreach (var chunk in chunks)
        {
            chunk.Truncate(transaction);
        }
    }

    /// <summary>Emits the next chunk in key order, if the log has been delivered up to its high watermark.</summary>
    /// <param name="delivered">Every transaction that ends in the log at or before this has been routed.</param>
    public ChunkEmission<TRows, TChange>? TryEmit(ulong delivered)
    {
        if (chunks.Count == 0 || chunks[0].Phase != ChunkPhase.Read || delivered < chunks[0].High)
        {
            return null;
        }

        var chunk = chunks[0];
        var emission = chunk.Emit();
        chunks.RemoveAt(0);
        if (Frontier is not null)
        {
            bounds.RemoveAt(0);
        }

        Frontier = chunk.Range.UpTo;
        IsComplete = Frontier is null;
        return emission;
    }
}
