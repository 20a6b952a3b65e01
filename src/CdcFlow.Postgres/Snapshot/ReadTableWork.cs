using System.Runtime.CompilerServices;
using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>One reader of a <see cref="TablePass"/>: takes its snapshot or joins it, and reads ranges until none is left.</summary>
/// <remarks>A reader holds its lock on the table from before its first range to after its last, so no range waits behind somebody who waits for another reader.</remarks>
internal sealed class ReadTableWork(TablePass pass, TableReads reads) : SnapshotWork
{
    private const string LockNotAvailable = "55P03";

    // Its transaction has ended: undefined_object from server 16 on, invalid_parameter_value before; or ends just now.
    private static readonly HashSet<string> snapshotGone = ["42704", "22023", "55000"];

    private readonly PassSql sql = new(reads.Definition, reads.Form);

    internal override bool IsAskedAtOnce => false;

    // Whether to begin or to join is seen when its turn has come.
    internal override void Ask(PostgresConnection connection)
    {
    }

    internal override bool Execute(PostgresConnection connection)
    {
        try
        {
            if (pass.Snapshot is not { } snapshot)
            {
                snapshot = Begin(connection);
            }
            else if (!TryJoin(connection, snapshot))
            {
                return true;
            }

            while (snapshot.Ranges.TryTake(out var range))
            {
                Read(connection, snapshot.Ranges, range);
            }

            connection.Query(PassSql.End);
            return true;
        }
        catch (OperationCanceledException) when (pass.IsGivenUp)
        {
            return false;
        }
    }

    internal override void Apply() => pass.ReaderEnded();

    private PassSnapshot Begin(PostgresConnection connection)
    {
        var begun = connection.Query(sql.Begin(connection.ServerVersion)).Rows[0];
        reads.Form.Require(begun[4]);
        long? blocks = begun[3] is { } count ? long.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : null;
        return pass.Begin(begun[2]!, TransactionSnapshot.Parse(begun[0]!), Lsn.Parse(begun[1]!), blocks);
    }

    // Without it the others read its share.
    private bool TryJoin(PostgresConnection connection, PassSnapshot snapshot)
    {
        try
        {
            connection.Query(sql.Join(snapshot.Name));
            return true;
        }
        catch (PostgresServerException e) when (e.SqlState == LockNotAvailable || snapshotGone.Contains(e.SqlState))
        {
            connection.Query(PassSql.GiveUp);
            return false;
        }
    }

    private void Read(PostgresConnection connection, BlockRanges ranges, BlockRange range)
    {
        var (rows, bytes) = (0L, 0L);
        foreach (var output in reads.NewOutputs())
        {
            var copy = connection.CopyOut(sql.Copy(output.SelectList, range));
            while (TryRead(copy, output, out var rowBytes))
            {
                rows++;
                bytes += rowBytes;
            }

            if (output.Take() is { } last)
            {
                pass.Queue(output.Output, last);
            }
        }

        ranges.Learn(range, rows, bytes);
    }

    // A large row ends its batch, so that it is handed over before its reader needs another. A frame of its own: a row that stayed on the stack would
    // keep a large one's buffer while the next is received.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryRead(CopyOutReader copy, ChunkOutput output, out long bytes)
    {
        var large = Admit(copy);
        try
        {
            var isRow = copy.Read(out var row);
            bytes = isRow ? RowSize.Of(row.Bytes) : 0;
            if (isRow && (output.Add(row, pass.NextRow()) ?? (large is null ? null : output.Take())) is { } batch)
            {
                pass.Queue(output.Output, batch, large);
            }

            return isRow;
        }
        catch (OutOfMemoryException e)
        {
            throw LargeRows.NoMemory(e, copy.LastLength, "A row", reads.Definition);
        }
    }

    private MemoryLease? Admit(CopyOutReader copy)
    {
        var length = copy.NextLength();
        pass.Large.Refuse(length, "A row", reads.Definition);
        if (!pass.Large.IsLargeMessage(length))
        {
            return null;
        }

        var lease = pass.Large.Admit(length);
        copy.MakeRoomForNext();
        return lease;
    }
}
