using CdcFlow.Capture;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>How a table with a key is read: chunks are planned ahead, begun and read; too large ones are split. What becomes of the rows is the hand-over's.</summary>
/// <param name="reads">The table.</param>
/// <param name="reconciler">Its hand-over.</param>
/// <param name="sizer">Decides how large chunks are.</param>
/// <remarks>Touched by the log's reader only, except <see cref="Sql"/> and <see cref="Reads"/>.</remarks>
internal sealed class TableChunks(TableReads reads, ChunkReconciler<ChunkRows, HeldChange> reconciler, ChunkSizer sizer)
{
    private readonly ChunkBounds bounds = new(reads.Definition.Key);
    private readonly List<ReadChunkWork> begun = [];
    private bool isPlanning;
    private bool hasLargeRows;
    private Lsn lastHigh;

    internal ChunkSql Sql { get; } = new(reads.Definition, reads.Form);

    internal TableReads Reads { get; } = reads;

    /// <summary>Chunks that are planned and not begun.</summary>
    internal IEnumerable<Chunk<ChunkRows, HeldChange>> NotBegun => reconciler.Chunks.Where(chunk => chunk.Phase == ChunkPhase.Planned);

    /// <summary>The one to begin now. Where the last had a large row, that is the next to be handed over: any other would be given up at such a row.</summary>
    internal Chunk<ChunkRows, HeldChange>? Ready =>
        NotBegun.FirstOrDefault() is { } first && (!hasLargeRows || first == reconciler.Chunks[0]) ? first : null;

    /// <summary>How many chunks' rows are, or soon will be, in memory.</summary>
    internal int Begun => reconciler.Chunks.Count(chunk => chunk.Phase != ChunkPhase.Planned);

    /// <summary>The highest high watermark of a chunk so far; default before the first.</summary>
    internal Lsn High => begun.Select(work => work.High).Append(lastHigh).Max();

    /// <summary>Plans chunks, as many as are wanted and can be foretold; the work that plans the next one where only the server knows its end.</summary>
    /// <param name="ahead">How many chunks may be planned and not begun.</param>
    internal SnapshotWork? NextPlan(int ahead)
    {
        while (!isPlanning && reconciler.NeedsPlanning && NotBegun.Count() < ahead)
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
        var work = new ReadChunkWork(this, chunk, new Lsn(delivered.Value - 1), isNext: reconciler.Chunks[0] == chunk, limits);
        begun.Add(work);
        return work;
    }

    /// <summary>Takes over what a reader has read.</summary>
    internal void Read(ReadChunkWork work, TimeSpan elapsed)
    {
        begun.Remove(work);
        lastHigh = work.High > lastHigh ? work.High : lastHigh;
        hasLargeRows = work.HasLarge;
        var isStillWanted = reconciler.Chunks.Contains(work.Chunk);
        if (work.IsPutOff)
        {
            SplitOrRestart(work.Chunk, isStillWanted, at: null);
        }
        else if (work.IsTooLarge)
        {
            sizer.LearnTooLarge(work.Rows.Rows, work.Rows.Bytes);
            bounds.Forget();
            SplitOrRestart(work.Chunk, isStillWanted, work.TooLargeAt);
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

    private void SplitOrRestart(Chunk<ChunkRows, HeldChange> chunk, bool isStillWanted, ChunkKey? at)
    {
        if (!isStillWanted)
        {
            return;
        }

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
