using System.Threading.Channels;
using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Loop;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>One run of the source: its connections and threads, from opening to the end.</summary>
internal sealed class SourceRun : ICaptureRun
{
    private const int QueuedRounds = 4;

    /// <summary>Well below the server's default wal_sender_timeout of a minute.</summary>
    private static readonly TimeSpan longestSilence = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stopping = new();
    private readonly SourceOpening opening;
    private readonly Channel<SourceRound> rounds = Channel.CreateBounded<SourceRound>(
        new BoundedChannelOptions(QueuedRounds) { SingleReader = true, SingleWriter = true });

    private ControlSession control = null!;
    private PostgresConnection? replication;
    private ReplicationStream? stream;
    private SnapshotDriver? snapshots;
    private LogReader log = null!;
    private Thread? thread;
    private volatile bool isDone;

    private SourceRun(SourceOpening opening) => this.opening = opening;

    public SourceProgress Progress => log.Progress;

    /// <summary>Prepares the server and starts reading. Blocks.</summary>
    internal static ISourceReader Open(SourceOpening opening, CancellationToken cancellationToken)
    {
        var run = new SourceRun(opening);
        using var cancellation = cancellationToken.Register(run.stopping.Cancel);
        try
        {
            run.Start();
            return new CaptureReader(run, run.rounds.Reader);
        }
        catch
        {
            run.End();
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    public void Confirm(SourceState state)
    {
        var durable = (PostgresSourceState)state;
        stream?.Confirm(durable.ResumeAt);
        isDone = opening.Options.Startup == Startup.SnapshotOnly && durable.IsSnapshotComplete;
    }

    public async ValueTask DisposeAsync() => await SourceThread.RunAsync("close", () =>
    {
        End();
        if (isDone)
        {
            DropSlot();
        }

        return true;
    });

    private void Start()
    {
        control = new ControlSession(opening.Connect(stopping.Token));
        var session = opening.Prepare(control, stopping.Token);
        var large = opening.LargeRows(stopping.Token);
        var round = new RoundBuilder(opening.Open.Budget, large, stopping.Token);
        foreach (var output in session.Tables.Values.SelectMany(table => table.Outputs))
        {
            output.Open(round);
        }

        replication = PostgresConnection.Open(opening.Settings, SessionKind.Replication, stopping.Token);
        SourceOpening.SpeakPlainly(replication);
        stream = OpenLog(replication, session);
        snapshots = Snapshots(session);
        var end = End(session);
        var routes = new TableRoutes(session.Tables.Values, control.Connection, opening.Context.Log);
        log = new LogReader(session, stream, snapshots, round, opening.Open.Budget, large, rounds.Writer, routes, end);
        thread = new Thread(log.Run) { IsBackground = true, Name = $"cdcflow log {opening.Context.Connection}" };
        thread.Start();
    }

    private ReplicationStream OpenLog(PostgresConnection connection, SourceSession session)
    {
        var options = new ReplicationOptions(opening.Options.Slot, [opening.Options.Publication], session.Start.ResumeAt, control.Connection.ServerVersion)
        {
            StatusInterval = opening.Options.Heartbeat < longestSilence ? opening.Options.Heartbeat : longestSilence,
        };
        try
        {
            return opening.Waits(stopping.Token).Watch(connection, "Opening the log", () => ReplicationStream.Start(connection, options, opening.Context.Time));
        }
        catch (CdcFlowException e) when (AbandonedLog.Frees(e))
        {
            throw session.Abandoned.AddTo(e, session.Start.ResumeAt, commit: null, session.Start.IsSnapshotComplete);
        }
    }

    private SnapshotDriver Snapshots(SourceSession session)
    {
        TableSnapshot[] open = [.. session.Tables.Values.Select(table => table.Snapshot).OfType<TableSnapshot>()];
        var limits = new ChunkLimits(opening.ChunkBytes * 3 / 2, opening.Open.Budget, opening.LargeRows(stopping.Token), opening.Context.Time, opening.Connect, stream!.Wake, stopping.Token);
        var readers = new SnapshotReaders(
            open.Length == 0 ? 0 : opening.Options.SnapshotReaders, opening.Connect, opening.Waits(stopping.Token), stream!.Wake, stopping.Token);
        var held = (int)Math.Clamp(CaptureBudget.Of(opening.Open.Budget).Chunks / limits.MaxBytes, 1, opening.Options.SnapshotReaders * 4);
        return new SnapshotDriver(open, readers, control, limits, held, opening.Context.Log);
    }

    // A bounded run ends at the log's end of now; the push makes sure that the log goes past it.
    private Lsn? End(SourceSession session)
    {
        if (opening.Options.Startup == Startup.SnapshotOnly)
        {
            return session.Start.ResumeAt;
        }

        if (opening.Open.Boundedness == Boundedness.Continuous)
        {
            return null;
        }

        control.Observe(out var end);
        control.Push();
        return end;
    }

    private void End()
    {
        stopping.Cancel();
        thread?.Join();
        snapshots?.Dispose();
        stream?.Dispose();
        replication?.Dispose();
        control?.Dispose();
        while (rounds.Reader.TryRead(out var unread))
        {
            foreach (var element in unread.Elements)
            {
                (element.Element as ChangeBatch)?.Release();
            }
        }
    }

    // A snapshot that is done needs no log any more, and a forgotten slot would fill the server's disk.
    private void DropSlot()
    {
        using var connection = opening.Connect(CancellationToken.None);
        var slots = new SlotControl(
            connection, opening.Options, opening.Context.Log, opening.Context.Time, opening.Waits(CancellationToken.None), CancellationToken.None);
        if (slots.WaitUntilFree() is not null)
        {
            slots.Drop();
        }
    }
}
