using CdcFlow.Capture;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Cuts a table into ranges of blocks that hold about as many rows and bytes as a chunk may. Thread-safe: all readers of a pass take from it.</summary>
/// <param name="blocks">How many blocks the table had when the snapshot was taken; null: it cannot be cut.</param>
/// <param name="sizer">Learns how large rows are.</param>
internal sealed class BlockRanges(long? blocks, ChunkSizer sizer)
{
    /// <summary>A guess that makes the first range small.</summary>
    private const long RowsPerBlock = 64;

    private readonly Lock gate = new();
    private long next;
    private long readRows = RowsPerBlock;
    private long readBlocks = 1;
    private bool isTaken;

    /// <summary>Takes the next range; false when none is left.</summary>
    internal bool TryTake(out BlockRange range)
    {
        lock (gate)
        {
            range = default;
            if (isTaken)
            {
                return false;
            }

            var size = Math.Max(1, sizer.NextRows * readBlocks / readRows);
            isTaken = blocks is not { } end || size >= end - next;
            range = new BlockRange(next, isTaken ? null : next + size);
            next += size;
            return true;
        }
    }

    /// <summary>Learns from a range that was read.</summary>
    internal void Learn(BlockRange range, long rows, long bytes)
    {
        lock (gate)
        {
            // Time says nothing here: a reader waits while the rows before are handed over.
            sizer.Learn(rows, bytes, TimeSpan.Zero);
            readRows += rows;
            readBlocks += (range.To ?? next) - range.From;
        }
    }
}
