using System.Threading.Channels;
using CdcFlow.Batches;
using CdcFlow.Capture;
using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>The one pass over a table without a key, in one snapshot that its readers share. Rows are handed over as they come, so nothing is held
/// but a few batches.</summary>
/// <remarks>Touched by the log's reader, except what is said to be for the pass's readers.</remarks>
internal sealed class TablePass
{
    private const int QueuedBatches = 4;

    private readonly TableReads reads;
    private readonly ChunkSizer sizer;
    private readonly ChunkLimits limits;
    private readonly ChangeOrigin origin;
    private readonly CancellationTokenSource stopping;
    private readonly Channel<SourceElement> queue = Channel.CreateBounded<SourceElement>(QueuedBatches);
    private volatile PassSnapshot? snapshot;
    private volatile bool isGivenUp;
    private int begunReaders;
    private int endedReaders;
    private int rows;

    /// <param name="reads">The table.</param>
    /// <param name="chunk">The whole of it, begun.</param>
    /// <param name="sizer">Decides how large ranges are; the pass's own.</param>
    /// <param name="validFrom">The place in the log that the rows' offsets name.</param>
    /// <param name="limits">Bytes.</param>
    internal TablePass(TableReads reads, Chunk<ChunkRows, HeldChange> chunk, ChunkSizer sizer, Lsn validFrom, ChunkLimits limits)
    {
        this.reads = reads;
        this.sizer = sizer;
        stopping = CancellationTokenSource.CreateLinkedTokenSource(limits.Stopping);
        this.limits = limits with { Stopping = stopping.Token };
        origin = reads.Origin(validFrom, limits.Time.GetUtcNow());
        Chunk = chunk;
    }

    /// <summary>The whole table, as one chunk.</summary>
    internal Chunk<ChunkRows, HeldChange> Chunk { get; }

    /// <summary>What it shows; null until its first reader has begun. Also for its readers.</summary>
    internal PassSnapshot? Snapshot => snapshot;

    /// <summary>Whether it was given up, so that its readers should end. Also for its readers.</summary>
    internal bool IsGivenUp => isGivenUp;

    /// <summary>Whether the log is delivered up to its high watermark, so that its rows are handed over.</summary>
    internal bool IsFlowing { get; set; }

    /// <summary>Whether all rows are read and handed over.</summary>
    internal bool IsDrained => begunReaders > 0 && begunReaders == endedReaders && queue.Reader.Count == 0;

    /// <summary>The work of the next reader: the first takes the snapshot, the others share it. Null while, or when, no more are of use.</summary>
    /// <param name="readers">How many there may be.</param>
    internal SnapshotWork? NextReader(int readers)
    {
        if (begunReaders == readers || (begunReaders > 0 && (snapshot is null || endedReaders > 0)))
        {
            return null;
        }

        begunReaders++;
        return new ReadTableWork(this, reads);
    }

    /// <summary>One of its readers has ended.</summary>
    internal void ReaderEnded()
    {
        endedReaders++;
        if (isGivenUp)
        {
            ReleaseQueue();
        }
    }

    /// <summary>For its readers: lets large rows through.</summary>
    internal LargeRows Large => limits.Large;

    /// <summary>Takes a batch of rows, if one is there.</summary>
    internal bool TryTake(out SourceElement batch) => queue.Reader.TryRead(out batch);

    /// <summary>Ends it before a row of it was handed over, so that another can take its place.</summary>
    internal void GiveUp()
    {
        isGivenUp = true;
        stopping.Cancel();
        ReleaseQueue();
    }

    /// <summary>For its first reader: the snapshot is taken.</summary>
    internal PassSnapshot Begin(string name, TransactionSnapshot seen, Lsn high, long? blocks)
    {
        var taken = new PassSnapshot(name, seen, high, new BlockRanges(blocks, sizer));
        snapshot = taken;
        limits.Wake();
        return taken;
    }

    /// <summary>For its readers: the metadata of one more row.</summary>
    internal ChangeMetadata NextRow() => new(origin, Interlocked.Increment(ref rows) - 1, 0);

    /// <summary>For its readers: hands a batch over; blocks while enough wait.</summary>
    internal void Queue(int output, ReadBatch batch, MemoryLease? large = null)
    {
        var element = new SourceElement(output, batch.Reserve(limits, large));
        try
        {
            queue.Writer.WriteAsync(element, stopping.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            batch.Batch.Release();
            throw;
        }

        limits.Wake();
    }

    private void ReleaseQueue()
    {
        while (queue.Reader.TryRead(out var unread))
        {
            ((ChangeBatch)unread.Element).Release();
        }
    }
}
