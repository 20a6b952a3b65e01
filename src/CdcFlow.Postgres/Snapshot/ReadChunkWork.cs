using System.Runtime.CompilerServices;
using CdcFlow.Batches;
using CdcFlow.Capture;
using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Reads one chunk in a snapshot of its own.</summary>
/// <param name="table">The chunks of its table.</param>
/// <param name="chunk">The chunk, begun.</param>
/// <param name="validFrom">The place in the log that the rows' offsets name.</param>
/// <param name="isNext">Whether the chunk is the table's next to be handed over, so that it may hold a large row: nothing that it waits for needs one.</param>
/// <param name="limits">Bytes.</param>
internal sealed class ReadChunkWork(TableChunks table, Chunk<ChunkRows, HeldChange> chunk, Lsn validFrom, bool isNext, ChunkLimits limits) : SnapshotWork
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
    private MemoryLease? large;
    private bool holdsLarge;
    private long ordinary;

    internal Chunk<ChunkRows, HeldChange> Chunk => chunk;

    internal ChunkRows Rows => rows;

    internal TransactionSnapshot Seen => seen;

    /// <summary>The chunk's high watermark; zero until its snapshot is taken. Any thread.</summary>
    internal Lsn High => new(Volatile.Read(ref high));

    /// <summary>Whether it is larger than what may be held; its rows are gone then.</summary>
    internal bool IsTooLarge => isTooLarge;

    /// <summary>Where to split it then; null when rows have gone meanwhile.</summary>
    internal ChunkKey? TooLargeAt => tooLargeAt;

    /// <summary>Whether a large row was met.</summary>
    internal bool HasLarge { get; private set; }

    /// <summary>Whether it was given up at a large row, to be read again when it is next.</summary>
    internal bool IsPutOff { get; private set; }

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
                tooLargeAt = isTooLarge ? BoundAfter(rows.Rows / 2) : null;
                rows.Release();
                large?.Release();
                return false;
            }
        }

        large?.Release();
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
        (ordinary, holdsLarge) = (0, false);
        try
        {
            while (TryRead(copy, output, origin))
            {
            }
        }
        catch (OutOfMemoryException e)
        {
            throw LargeRows.NoMemory(e, copy.LastLength, "A row", table.Reads.Definition);
        }

        var last = output.Take();
        if (isTooLarge || IsPutOff)
        {
            last?.Batch.Release();
            return false;
        }

        if (last is { } batch)
        {
            rows.Add(output.Output, batch.Reserve(limits));
        }

        return true;
    }

    // A frame of its own: a row that stayed on the stack would keep a large one's buffer while the next is received.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryRead(CopyOutReader copy, ChunkOutput output, ChangeOrigin origin)
    {
        var length = copy.NextLength();
        limits.Large.Refuse(length, "A row", table.Reads.Definition);
        var isLarge = limits.Large.IsLargeMessage(length);
        if ((isLarge && !TryAdmit(copy)) || !copy.Read(out var row))
        {
            return false;
        }

        var bytes = RowSize.Of(row.Bytes);
        var batch = output.Add(row, new ChangeMetadata(origin, (int)rows.Rows++, 0)) ?? (isLarge ? output.Take() : null);
        if (batch is { } full)
        {
            rows.Add(output.Output, full.Reserve(limits, isLarge ? large!.Retain() : null));
        }

        rows.Bytes += bytes;
        ordinary += isLarge ? 0 : bytes;
        isTooLarge = ordinary > limits.MaxBytes && rows.Rows > 1;
        return !isTooLarge;
    }

    // One large row beside the ordinary ones; another output's form of it goes with it.
    private bool TryAdmit(CopyOutReader copy)
    {
        HasLarge = true;
        IsPutOff = !isNext;
        isTooLarge = isNext && holdsLarge;
        if (IsPutOff || isTooLarge)
        {
            return false;
        }

        large ??= limits.Large.Admit(copy.LastLength);
        copy.MakeRoomForNext();
        holdsLarge = true;
        return true;
    }

    // The copy is under way on the reader's connection, so the question needs another.
    private ChunkKey? BoundAfter(long count)
    {
        using var connection = limits.Open(limits.Stopping);
        return connection.Query(table.Sql.Bound(chunk.Range, Math.Max(1, count))).Rows is [var key] ? new ChunkKey(key!) : null;
    }
}
