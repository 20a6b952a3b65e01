using CdcFlow.Checkpoints;
using CdcFlow.Rows;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Owns one source connection: reads rounds, hands them over, and cuts between them.</summary>
/// <remarks>A loop of its own instead of a queue: it keeps one read outstanding and serves the coordinator while the source is idle.</remarks>
internal sealed class SourceNode(string connection, ISourceConnector connector)
{
    private readonly List<Outlet> outlets = [];
    private readonly Mailbox<SourceRequest> requests = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The state after the last round that was handed over: that of the next barrier. There is no other place where it is computed.</summary>
    private SourceState? delivered;

    /// <summary>The connection's name.</summary>
    public string Connection => connection;

    /// <summary>The connector, to check and open.</summary>
    public ISourceConnector Connector => connector;

    /// <summary>Completes when nothing more will come: the end of a bounded source, or a stop.</summary>
    public Task Ended => ended.Task;

    /// <summary>Adds a table.</summary>
    public Outlet AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        connector.AddTable<T, TCodec>(attribute, nodeId);
        outlets.Add(new Outlet());
        return outlets[^1];
    }

    /// <summary>Asks for a barrier, which is put between two rounds, at once when the source is idle.</summary>
    public void Cut(CheckpointMeeting meeting) => requests.Post(new SourceRequest.Cut(meeting));

    /// <summary>Asks to hand over nothing more; checkpoints go on.</summary>
    public void Stop() => requests.Post(new SourceRequest.Stop());

    /// <summary>Confirms a state to the server.</summary>
    public Task ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken)
    {
        var request = new SourceRequest.Confirm(checkpoint, state);
        requests.Post(request);
        return request.Confirmed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Reads until cancelled; goes on serving requests when there is nothing more to read.</summary>
    public async Task RunAsync(ISourceReader reader, InFlight inFlight, CancellationToken cancellationToken)
    {
        var read = Task.FromResult<SourceRound?>(null);
        inFlight.Enter();
        try
        {
            read = ReadAsync(reader, cancellationToken);
            while (true)
            {
                await ServeAsync(reader, cancellationToken);
                if (!ended.Task.IsCompleted && read.IsCompleted)
                {
                    await HandOverAsync(await read, cancellationToken);
                    read = ended.Task.IsCompleted ? read : ReadAsync(reader, cancellationToken);
                }
                else
                {
                    await WaitAsync(read, inFlight, cancellationToken);
                }
            }
        }
        finally
        {
            // The reader is disposed next, and must not be inside a call then.
            await read.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Current);
            inFlight.Leave();
        }
    }

    private static Task<SourceRound?> ReadAsync(ISourceReader reader, CancellationToken cancellationToken) =>
        reader.ReadAsync(cancellationToken).AsTask();

    private async Task WaitAsync(Task read, InFlight inFlight, CancellationToken cancellationToken)
    {
        inFlight.Leave();
        try
        {
            var request = requests.Filled;
            await (ended.Task.IsCompleted ? request : Task.WhenAny(read, request)).WaitAsync(cancellationToken);
        }
        finally
        {
            inFlight.Enter();
        }
    }

    private async ValueTask HandOverAsync(SourceRound? round, CancellationToken cancellationToken)
    {
        if (round is null)
        {
            ended.TrySetResult();
            return;
        }

        foreach (var (output, element) in round.Elements)
        {
            await outlets[output].SendAsync(element, cancellationToken);
        }

        delivered = round.State;
    }

    private async ValueTask ServeAsync(ISourceReader reader, CancellationToken cancellationToken)
    {
        while (requests.TryTake(out var request))
        {
            switch (request)
            {
                case SourceRequest.Cut cut:
                    await CutAsync(cut.Meeting, cancellationToken);
                    break;
                case SourceRequest.Confirm confirm:
                    await reader.ConfirmAsync(confirm.Checkpoint, confirm.State, cancellationToken);
                    confirm.Confirmed.SetResult();
                    break;
                case SourceRequest.Stop:
                    ended.TrySetResult();
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException(request.GetType().Name);
            }
        }
    }

    private async ValueTask CutAsync(CheckpointMeeting meeting, CancellationToken cancellationToken)
    {
        var barrier = new Barrier(meeting);
        foreach (var outlet in outlets)
        {
            await outlet.SendAsync(barrier, cancellationToken);
        }

        meeting.Acknowledge(connection, delivered);
    }
}
