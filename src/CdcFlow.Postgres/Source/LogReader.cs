using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>The source's own thread: reads the log on a blocking socket, and fills rounds out of it and the snapshots beside it.</summary>
/// <remarks>A full queue of rounds, or a used-up byte budget, blocks the thread: that is back-pressure. Status goes to the server regardless.</remarks>
internal sealed class LogReader
{
    private readonly SourceSession session;
    private readonly ReplicationStream stream;
    private readonly SnapshotDriver snapshots;
    private readonly RoundBuilder round;
    private readonly MemoryBudget budget;
    private readonly LargeRows large;
    private readonly TransactionRouter router;
    private readonly ChannelWriter<SourceRound> rounds;
    private readonly Lsn? end;
    private PostgresSourceState lastState;
    private long lastFlush;
    private SourceProgress progress = SourceProgress.None;
    private Lsn serverEnd;

    /// <summary>The large change that is being read, for the error where there is no memory for it.</summary>
    private (long Bytes, string Row, PostgresTable Table) largest;

    /// <param name="session">The opened server.</param>
    /// <param name="stream">Its log.</param>
    /// <param name="snapshots">Its snapshots.</param>
    /// <param name="round">Where the outputs put their changes.</param>
    /// <param name="budget">What transactions in progress are held in.</param>
    /// <param name="large">What lets large rows through.</param>
    /// <param name="rounds">Where filled rounds go; completed at the end.</param>
    /// <param name="routes">Which table a description of the log is of.</param>
    /// <param name="end">Where to stop, once the snapshots are complete; null: never.</param>
    internal LogReader(
        SourceSession session, ReplicationStream stream, SnapshotDriver snapshots, RoundBuilder round, MemoryBudget budget, LargeRows large,
        ChannelWriter<SourceRound> rounds, TableRoutes routes, Lsn? end)
    {
        this.budget = budget;
        this.large = large;
        this.session = session;
        this.stream = stream;
        this.snapshots = snapshots;
        this.round = round;
        this.rounds = rounds;
        this.end = end;
        router = new TransactionRouter(session.Unreadable, routes, session.Types, snapshots, round, session.Options, Flush);
        router.Resume(session.Start);
        lastState = session.Start;
    }

    /// <summary>How far the source is. Any thread.</summary>
    internal SourceProgress Progress => Volatile.Read(ref progress) with
    {
        RetainedBytes = serverEnd > stream.Confirmed ? (long)(serverEnd.Value - stream.Confirmed.Value) : 0,
    };

    /// <summary>Reads until the end, a failure, or cancellation. Run on a thread of its own.</summary>
    internal void Run()
    {
        Exception? failure = null;
        try
        {
            var reserved = budget.ReserveBlocking(session.Options.StreamedBytes, session.Stopping);
            try
            {
                session.StartOver(round, router.Delivered);
                Hand();
                using var streamed = new StreamedTransactions(session.Options.StreamedBytes, session.Spill.CreateFile, BeforeLargeReplay);
                stream.BeforeLarge = BeforeLarge;
                Read(new PgOutputDecoder(router, streamed));
            }
            finally
            {
                reserved.Release();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure = session.Spill.Error(e); // a broken socket says so itself
        }
        catch (OutOfMemoryException e) when (largest.Table is { } table)
        {
            failure = Abandoned(LargeRows.NoMemory(e, largest.Bytes, largest.Row, table));
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            rounds.TryComplete(failure);
        }
    }

    private void Read(PgOutputDecoder decoder)
    {
        while (true)
        {
            if (!router.IsInTransaction)
            {
                if (snapshots.IsActive)
                {
                    snapshots.ServiceBeforeLog(router.Delivered, round, Flush);
                }

                if (session.Watch.LookIfDue())
                {
                    round.CountState();
                }

                if (IsAtEnd())
                {
                    Hand();
                    return;
                }
            }

            if (!stream.HasMessage && !router.IsInTransaction)
            {
                Flush();
            }

            large.CollectIfDone();
            snapshots.Large.CollectIfDone();
            ReadOne(decoder);
        }
    }

    // A frame of its own: a message that stayed on the stack would keep a large one's buffer while the next is received.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadOne(PgOutputDecoder decoder)
    {
        if (!TryNext(out var message))
        {
            return; // Woken: a snapshot has something.
        }

        serverEnd = message.WalEnd > serverEnd ? message.WalEnd : serverEnd;
        if (message.IsKeepalive)
        {
            router.Advance(message.WalEnd);
            FlushPosition();
        }
        else
        {
            Decode(decoder, message);
        }

        largest = default;
    }

    private bool TryNext(out WalMessage message)
    {
        try
        {
            return stream.TryRead(out message);
        }
        catch (CdcFlowException e) when (AbandonedLog.Frees(e))
        {
            throw Abandoned(e);
        }
    }

    // The message is an insert, update or delete of a table, perhaps of a transaction in progress, whose id comes first then.
    private bool BeforeLarge(ReadOnlySpan<byte> beginning, int length)
    {
        const int messageAt = 25;
        if (beginning.Length < messageAt + 9 || !"IUD".Contains((char)beginning[messageAt], StringComparison.Ordinal))
        {
            return false;
        }

        var first = BinaryPrimitives.ReadUInt32BigEndian(beginning[(messageAt + 1)..]);
        var second = BinaryPrimitives.ReadUInt32BigEndian(beginning[(messageAt + 5)..]);
        if (session.Tables.Values.FirstOrDefault(table => table.Definition.Oid == first || table.Definition.Oid == second) is not { } table)
        {
            return false;
        }

        largest = Large(table, new Lsn(BinaryPrimitives.ReadUInt64BigEndian(beginning[1..])), length);
        large.Refuse(largest.Bytes, largest.Row, largest.Table);
        large.WaitFor(length);
        return true;
    }

    private void BeforeLargeReplay(Lsn at, ReadOnlySpan<byte> beginning, int length)
    {
        var oid = BinaryPrimitives.ReadUInt32BigEndian(beginning[1..]);
        largest = session.Tables.Values.FirstOrDefault(table => table.Definition.Oid == oid) is { } table ? Large(table, at, length) : default;
        large.WaitFor(length);
    }

    private static (long Bytes, string Row, PostgresTable Table) Large(SourceTable table, Lsn at, int length) => (length, $"At {at} of the log, a change", table.Definition);

    private void Decode(PgOutputDecoder decoder, WalMessage message)
    {
        try
        {
            decoder.Decode(message.WalStart, message.Data);
        }
        catch (CdcFlowException e) when (router.Locate(e) is { } located)
        {
            throw located;
        }
        catch (CdcFlowException e) when (e.Code != PostgresWireErrorCodes.Server && AbandonedLog.Frees(e))
        {
            throw Abandoned(e);
        }
    }

    private CdcFlowException Abandoned(CdcFlowException error) => session.Abandoned.AddTo(error, router.Delivered, router.Committed, !snapshots.IsActive);

    private bool IsAtEnd() =>
        end is { } target && !snapshots.IsActive && router.Delivered >= target
        && (session.Options.Startup == Startup.SnapshotOnly || snapshots.IsPassed(router.Delivered));

    /// <summary>Hands the round over if it has something.</summary>
    private void Flush()
    {
        if (!round.IsEmpty)
        {
            Hand();
        }
    }

    // While no row comes, the position alone is worth a round now and then: once committed, it lets the server forget log.
    private void FlushPosition()
    {
        if (round.IsEmpty && router.Delivered > lastState.ResumeAt
            && session.Time.GetElapsedTime(lastFlush) >= session.Options.Heartbeat)
        {
            Hand();
        }
    }

    private void Hand()
    {
        lastState = session.State(lastState, router);
        lastFlush = session.Time.GetTimestamp();
        var filled = round.Take(lastState);
        Report();
        while (!rounds.TryWrite(filled))
        {
            if (!rounds.WaitToWriteAsync(session.Stopping).AsTask().GetAwaiter().GetResult())
            {
                throw new OperationCanceledException(session.Stopping);
            }
        }
    }

    private void Report()
    {
        var lag = serverEnd > router.Delivered ? (long)(serverEnd.Value - router.Delivered.Value) : 0;
        Volatile.Write(ref progress, new SourceProgress(
            snapshots.IsActive ? SourcePhase.Snapshot : SourcePhase.Streaming,
            [.. session.Tables.Values.Select(table => table.Snapshot?.Progress).OfType<TableProgress>()],
            router.Delivered.ToString(), lag, router.LastCommit));
    }
}
