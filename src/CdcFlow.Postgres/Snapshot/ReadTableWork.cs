using System.Threading.Channels;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;
using CdcFlow.Snapshots;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Reads a table without a key in one pass and one snapshot. Its rows are handed over as they come, so nothing is held but a few batches.</summary>
/// <remarks>Read by a snapshot reader, drained by the log's reader.</remarks>
internal sealed class ReadTableWork(TableSnapshot table, Chunk<ChunkRows, HeldChange> chunk, Lsn validFrom, ChunkLimits limits, Action wake) : SnapshotWork
{
    private const int QueuedBatches = 4;
    private readonly Channel<SourceElement> queue = Channel.CreateBounded<SourceElement>(QueuedBatches);
    private volatile TransactionSnapshot? seen;
    private Lsn high;

    /// <summary>The whole table, as one chunk.</summary>
    internal Chunk<ChunkRows, HeldChange> Chunk => chunk;

    /// <summary>What the pass shows; null until it has begun.</summary>
    internal TransactionSnapshot? Seen => seen;

    /// <summary>The place in the log from which on its rows may be handed over.</summary>
    internal Lsn High => high;

    /// <summary>Whether all rows are read and taken.</summary>
    internal bool IsDrained => queue.Reader.Completion.IsCompleted;

    internal override bool Execute(PostgresConnection connection)
    {
        var begun = connection.Query(table.Sql.Begin).Rows[0];
        high = Lsn.Parse(begun[1]!);
        seen = TransactionSnapshot.Parse(begun[0]!);
        wake();
        foreach (var output in table.NewOutputs())
        {
            Copy(connection, output);
        }

        connection.Query(ChunkSql.End);
        queue.Writer.Complete();
        return true;
    }

    internal override void Apply()
    {
        // Its rows are taken while it runs, by TryTake.
    }

    internal bool TryTake(out SourceElement batch) => queue.Reader.TryRead(out batch);

    private void Copy(PostgresConnection connection, ChunkOutput output)
    {
        var origin = table.OriginOfRead(validFrom, limits.Time.GetUtcNow());
        var copy = connection.CopyOut(table.Sql.Copy(output.SelectList, new ChunkRange(null, null)));
        var rows = 0;
        while (copy.Read(out var row))
        {
            if (output.Add(row, new ChangeMetadata(origin, rows++, 0)) is { } batch)
            {
                Queue(output, batch);
            }
        }

        if (output.Take() is { } last)
        {
            Queue(output, last);
        }
    }

    private void Queue(ChunkOutput output, ReadBatch batch)
    {
        queue.Writer.WriteAsync(new SourceElement(output.Output, batch.Reserve(limits)), limits.Stopping).AsTask().GetAwaiter().GetResult();
        wake();
    }
}
