using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;
using CdcFlow.Snapshots;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Reads one chunk in a snapshot of its own.</summary>
/// <param name="table">The chunks of its table.</param>
/// <param name="chunk">The chunk, begun.</param>
/// <param name="validFrom">The place in the log that the rows' offsets name.</param>
/// <param name="limits">Bytes.</param>
internal sealed class ReadChunkWork(TableChunks table, Chunk<ChunkRows, HeldChange> chunk, Lsn validFrom, ChunkLimits limits) : SnapshotWork
{
    /// <summary>Characters; the buffers of any socket take that.</summary>
    private const int SmallQuestion = 16 * 1024;

    private readonly ChunkRows rows = new();
    private readonly IReadOnlyList<ChunkOutput> outputs = table.Reads.NewOutputs();
    private TransactionSnapshot seen = null!;
    private ulong high;
    private TimeSpan elapsed;
    private ChunkKey? tooLargeAt;
    private bool isTooLarge;

    internal Chunk<ChunkRows, HeldChange> Chunk => chunk;

    internal ChunkRows Rows => rows;

    internal TransactionSnapshot Seen => seen;

    /// <summary>The chunk's high watermark; zero until its snapshot is taken. Any thread.</summary>
    internal Lsn High => new(Volatile.Read(ref high));

    /// <summary>Whether it is larger than what may be held; its rows are gone then.</summary>
    internal bool IsTooLarge => isTooLarge;

    /// <summary>Where to split it then; null when rows have gone meanwhile.</summary>
    internal ChunkKey? TooLargeAt => tooLargeAt;

    internal override bool IsAskedAtOnce => outputs.Count == 1;

    internal override bool IsSmall => CopyOf(0).Length <= SmallQuestion;

    internal override void Ask(PostgresConnection connection)
    {
        connection.Ask(table.Sql.Begin);
        connection.Ask(CopyOf(0));
    }

    internal override bool Execute(PostgresConnection connection)
    {
        var started = limits.Time.GetTimestamp();
        var origin = table.Reads.Origin(validFrom, limits.Time.GetUtcNow());
        Begun(connection.Answer());
        for (var i = 0; i < outputs.Count; i++)
        {
            rows.Rows = 0;
            if (!Copy(i == 0 ? connection.CopyAnswer() : connection.CopyOut(CopyOf(i)), outputs[i], origin))
            {
                isTooLarge = true;
                tooLargeAt = BoundAfter(rows.Rows / 2);
                rows.Release();
                return false;
            }
        }

        elapsed = limits.Time.GetElapsedTime(started);
        return true;
    }

    internal override void Apply() => table.Read(this, elapsed);

    private string CopyOf(int output) =>
        table.Sql.Copy(outputs[output].SelectList, chunk.Range) + (output == outputs.Count - 1 ? ChunkSql.ThenEnd : "");

    private void Begun(QueryResult observed)
    {
        table.Reads.Form.Require(observed.Rows[0][2]);
        seen = TransactionSnapshot.Parse(observed.Rows[0][0]!);
        Volatile.Write(ref high, Lsn.Parse(observed.Rows[0][1]!).Value);

        // The log can be pushed there while the rows are copied, so that they need not wait for it.
        limits.Wake();
    }

    private bool Copy(CopyOutReader copy, ChunkOutput output, ChangeOrigin origin)
    {
        while (limits.Large.Admit(copy, table.Reads.Definition) && copy.Read(out var row))
        {
            rows.Bytes += TupleSize.Of(row);
            if (output.Add(row, new ChangeMetadata(origin, (int)rows.Rows++, 0)) is { } batch)
            {
                rows.Add(output.Output, batch.Reserve(limits));
            }

            if (rows.Bytes > limits.MaxBytes && rows.Rows > 1)
            {
                output.Take()?.Batch.Release();
                return false;
            }
        }

        if (output.Take() is { } last)
        {
            rows.Add(output.Output, last.Reserve(limits));
        }

        return true;
    }

    // The copy is under way on the reader's connection, so the question needs another.
    private ChunkKey? BoundAfter(long count)
    {
        using var connection = limits.Open(limits.Stopping);
        return connection.Query(table.Sql.Bound(chunk.Range, Math.Max(1, count))).Rows is [var key] ? new ChunkKey(key!) : null;
    }
}
