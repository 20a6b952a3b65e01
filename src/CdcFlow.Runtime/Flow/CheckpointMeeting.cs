using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Flow;

/// <summary>Where the nodes and the coordinator meet over one checkpoint: nodes acknowledge, sinks wait for their permit.</summary>
/// <remarks>Thread-safe: every node acknowledges from its own loop. It decides nothing.</remarks>
internal sealed class CheckpointMeeting(CheckpointRef checkpoint, int sourceCount, int sinkCount)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SourceState?> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SinkSeat> sinks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The checkpoint.</summary>
    public CheckpointRef Checkpoint { get; } = checkpoint;

    /// <summary>Completes when everyone has acknowledged.</summary>
    public Task Complete => complete.Task;

    /// <summary>Whether the coordinator has given the checkpoint up.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The state of each source at its barrier; null where it has handed nothing over yet. Read when complete.</summary>
    public IReadOnlyDictionary<string, SourceState?> Sources => sources;

    /// <summary>What a sink prepared. Read when complete.</summary>
    public Committable CommittableOf(string connection) => sinks[connection].Committable;

    /// <summary>A source has put the barrier on all its outputs.</summary>
    public void Acknowledge(string connection, SourceState? state)
    {
        lock (gate)
        {
            sources.Add(connection, state);
            CompleteIfAllHere();
        }
    }

    /// <summary>A sink has prepared; waits for the decision.</summary>
    /// <returns>The permit to commit, or null when the checkpoint was given up.</returns>
    public Task<CommitPermit?> AcknowledgeAsync(string connection, Committable committable, CancellationToken cancellationToken)
    {
        SinkSeat seat;
        lock (gate)
        {
            if (IsGivenUp)
            {
                return Task.FromResult<CommitPermit?>(null);
            }

            seat = new SinkSeat(committable);
            sinks.Add(connection, seat);
            CompleteIfAllHere();
        }

        return seat.Decision.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Gives the checkpoint up: sinks that wait go on without committing.</summary>
    /// <returns>False when everyone had acknowledged, so that it is too late.</returns>
    public bool GiveUp()
    {
        lock (gate)
        {
            if (complete.Task.IsCompleted)
            {
                return false;
            }

            IsGivenUp = true;
            foreach (var seat in sinks.Values)
            {
                seat.Decision.TrySetResult(null);
            }

            return true;
        }
    }

    /// <summary>Lets a sink commit and waits until it has.</summary>
    public async ValueTask CommitAsync(string connection, CommitPermit permit, CancellationToken cancellationToken)
    {
        var seat = sinks[connection];
        seat.Decision.SetResult(permit);
        await seat.Committed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>A sink has committed.</summary>
    public void ReportCommitted(string connection) => sinks[connection].Committed.SetResult();

    private void CompleteIfAllHere()
    {
        if (sources.Count == sourceCount && sinks.Count == sinkCount)
        {
            complete.TrySetResult();
        }
    }

    private sealed record SinkSeat(Committable Committable)
    {
        public TaskCompletionSource<CommitPermit?> Decision { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
