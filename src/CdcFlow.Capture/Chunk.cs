namespace CdcFlow.Capture;

/// <summary>How far a chunk is.</summary>
public enum ChunkPhase
{
    /// <summary>Its range is known; no snapshot was taken for it.</summary>
    Planned,

    /// <summary>A reader has it: its snapshot may be taken at any moment, or is.</summary>
    InFlight,

    /// <summary>Its rows are here and wait until the log has been delivered up to its high watermark.</summary>
    Read,

    /// <summary>Handed over.</summary>
    Emitted,
}

/// <summary>One key range of a table, read in one snapshot.</summary>
/// <typeparam name="TRows">The rows read.</typeparam>
/// <typeparam name="TChange">A change of the log that waits in the chunk's window.</typeparam>
/// <remarks>Owned by its <see cref="ChunkReconciler{TRows, TChange}"/>; a reader gets only the range.</remarks>
public sealed class Chunk<TRows, TChange>
    where TRows : class
{
    private readonly List<(ulong Transaction, TChange Change)> window = [];
    private ulong? truncatedBy;
    private int truncatedAt;

    internal Chunk(ChunkRange range) => Range = range;

    /// <summary>The keys it covers.</summary>
    public ChunkRange Range { get; }

    /// <summary>How far it is.</summary>
    public ChunkPhase Phase { get; private set; }

    /// <summary>Changes in the window.</summary>
    public int Held => window.Count;

    /// <summary>The high watermark: the log's end after the snapshot was taken. Set once read.</summary>
    public ulong High { get; private set; }

    /// <summary>The rows, once read.</summary>
    public TRows? Rows { get; private set; }

    private ISeenTransactions? Seen { get; set; }

    /// <summary>Bytes that the changes of the window take, as their holder said.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Keeps a delivered change of one of the chunk's keys until the chunk is emitted.</summary>
    public void Hold(ulong transaction, TChange change, long bytes = 0)
    {
        window.Add((transaction, change));
        HeldBytes += bytes;
    }

    /// <summary>Whether the table was truncated by a transaction that the chunk's snapshot does not show.</summary>
    public bool IsEmptiedSince(ISeenTransactions seen) => truncatedBy is { } truncate && !seen.Contains(truncate);

    internal void Start() => Phase = Expect(ChunkPhase.Planned, ChunkPhase.InFlight);

    internal void Complete(TRows rows, ISeenTransactions seen, ulong high)
    {
        Phase = Expect(ChunkPhase.InFlight, ChunkPhase.Read);
        (Rows, Seen, High) = (rows, seen, high);
    }

    internal void Truncate(ulong transaction) => (truncatedBy, truncatedAt) = (transaction, window.Count);

    internal ChunkEmission<TRows, TChange> Emit()
    {
        Phase = Expect(ChunkPhase.Read, ChunkPhase.Emitted);
        var seen = Seen!;

        // A truncate that the snapshot does not show emptied what was read; one that it does show changes nothing about it.
        var isEmptied = IsEmptiedSince(seen);
        var changes = window.Skip(isEmptied ? truncatedAt : 0).Where(held => !seen.Contains(held.Transaction)).Select(held => held.Change);
        return new ChunkEmission<TRows, TChange>(Rows!, isEmptied, [.. changes]);
    }

    private ChunkPhase Expect(ChunkPhase from, ChunkPhase to) =>
        Phase == from ? to : throw new InvalidOperationException($"A chunk that is {Phase} cannot become {to}.");
}

/// <summary>What a chunk hands over: its rows, then the changes that its snapshot did not show.</summary>
/// <param name="Rows">The rows read.</param>
/// <param name="IsEmptied">Whether the table was truncated after the snapshot, so that the rows must not be handed over.</param>
/// <param name="Changes">In log order.</param>
public sealed record ChunkEmission<TRows, TChange>(TRows Rows, bool IsEmptied, IReadOnlyList<TChange> Changes);
