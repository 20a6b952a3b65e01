using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Rows;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Owns one source connection: reads rounds, hands them over, and cuts between them.</summary>
/// <remarks>A loop over messages, of which a finished read is one: so a barrier can be put while the source is idle.</remarks>
internal sealed class SourceNode(string connection, ISourceConnector connector)
{
    private readonly List<Outlet> outlets = [];
    private readonly List<string> nodeIds = [];
    private readonly Mailbox<SourceMessage> messages = new();

    /// <summary>The state after the last round that was handed over: that of the next barrier. There is no other place where it is computed.</summary>
    private SourceState? delivered;

    /// <summary>The oldest commit among what was handed over since the last barrier; null when there was none.</summary>
    private DateTimeOffset? oldestCommit;

    /// <summary>The connection's name.</summary>
    public string Connection => connection;

    /// <summary>The nodes of the user's graph that it reads for, in the order of the connector's outputs.</summary>
    public IReadOnlyList<string> NodeIds => nodeIds;

    /// <summary>The connector, to check and open.</summary>
    public ISourceConnector Connector => connector;

    /// <summary>Whether nothing more will come: the end of a bounded source, or a stop.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Adds a table.</summary>
    public Outlet AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId, Outlet outlet)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        connector.AddTable<T, TCodec>(attribute, nodeId);
        outlets.Add(outlet);
        nodeIds.Add(nodeId);
        return outlet;
    }

    /// <summary>Asks for a barrier, which is put between two rounds, at once when the source is idle.</summary>
    public void Cut(CheckpointMeeting meeting) => messages.Post(new SourceMessage.Cut(meeting));

    /// <summary>Asks to hand over nothing more; checkpoints go on.</summary>
    public void Stop() => messages.Post(new SourceMessage.Stop());

    /// <summary>Confirms a state to the server.</summary>
    public Task ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken)
    {
        var message = new SourceMessage.Confirm(checkpoint, state);
        messages.Post(message);
        return message.Confirmed.WaitAsync(cancellationToken);
    }

    /// <summary>Reads until cancelled; goes on serving the coordinator when there is nothing more to read.</summary>
    /// <param name="reader">The opened source.</param>
    /// <param name="scope">The attempt.</param>
    /// <param name="onEnded">Called when nothing more will come.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public async Task RunAsync(ISourceReader reader, AttemptScope scope, Action onEnded, CancellationToken cancellationToken)
    {
        Func<CancellationToken, Task> readOne = async token => messages.Post(new SourceMessage.RoundRead(await reader.ReadAsync(token)));
        var read = scope.RunAsync(readOne);
        try
        {
            while (true)
            {
                // In flight from the arrival of a message until it is dealt with.
                var message = await messages.TakeAsync(cancellationToken);
                scope.InFlight.Enter();
                try
                {
                    await HandleAsync(message, reader, cancellationToken);
                    if (message is SourceMessage.RoundRead && !HasEnded)
                    {
                        read = scope.RunAsync(readOne);
                    }
                }
                finally
                {
                    scope.InFlight.Leave();
                }

                if (HasEnded)
                {
                    onEnded();
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Told before the wait below: it is what cancels a read that waits for the source's next change.
            scope.Fault(exception);
        }
        finally
        {
            // The reader is disposed next, and must not be inside a call then.
            await read;
        }
    }

    private ValueTask HandleAsync(SourceMessage message, ISourceReader reader, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case SourceMessage.RoundRead(var round):
                return HasEnded ? ValueTask.CompletedTask : HandOverAsync(round, cancellationToken);
            case SourceMessage.Cut(var meeting):
                return CutAsync(meeting, cancellationToken);
            case SourceMessage.Confirm confirm:
                return ConfirmAsync(confirm, reader, cancellationToken);
            case SourceMessage.Stop:
                HasEnded = true;
                return ValueTask.CompletedTask;
            default:
                throw new System.Diagnostics.UnreachableException(message.GetType().Name);
        }
    }

    private async ValueTask HandOverAsync(SourceRound? round, CancellationToken cancellationToken)
    {
        if (round is null)
        {
            HasEnded = true;
            return;
        }

        for (var at = 0; at < round.Elements.Count; at++)
        {
            var (output, element) = round.Elements[at];
            if (element is ChangeBatch batch)
            {
                outlets[output].CountRead(batch);
                oldestCommit ??= batch.FirstCommittedAt;
            }

            await outlets[output].SendAsync(element, cancellationToken);
        }

        delivered = round.State;
    }

    private async ValueTask CutAsync(CheckpointMeeting meeting, CancellationToken cancellationToken)
    {
        var barrier = new Barrier(meeting);
        foreach (var outlet in outlets)
        {
            await outlet.SendAsync(barrier, cancellationToken);
        }

        meeting.Acknowledge(connection, delivered, oldestCommit);
        oldestCommit = meeting.IsGivenUp ? oldestCommit : null;
    }

    private static async ValueTask ConfirmAsync(SourceMessage.Confirm confirm, ISourceReader reader, CancellationToken cancellationToken)
    {
        await reader.ConfirmAsync(confirm.Checkpoint, confirm.State, cancellationToken);
        confirm.Confirmed.Keep(true);
    }
}
