using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Flow;

/// <summary>Where the nodes and the coordinator meet over one checkpoint: nodes acknowledge, sinks wait for their permit.</summary>
/// <remarks>Thread-safe: every node acknowledges from its own loop. It decides nothing.</remarks>
internal sealed class CheckpointMeeting(CheckpointRef checkpoint, bool isLast, int sourceCount, int stateCount, int sinkCount)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SourceState?> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SinkSeat> sinks = new(StringComparer.Ordinal);
    private readonly Promise<bool> gathered = new();
    private int states;

    /// <summary>The checkpoint.</summary>
    public CheckpointRef Checkpoint { get; } = checkpoint;

    /// <summary>Whether every source has ended: nothing comes after its barrier.</summary>
    public bool IsLast { get; } = isLast;

    /// <summary>Whether the coordinator has given the checkpoint up.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The state of each source at its barrier; null where it has handed nothing over yet. Read when all are gathered.</summary>
    public IReadOnlyDictionary<string, SourceState?> Sources => sources;

    /// <summary>The oldest commit among what the sources that have acknowledged handed over since the last barrier; null when there was none.</summary>
    public DateTimeOffset? OldestCommit
    {
        get
        {
            lock (gate)
            {
                return field;
            }
        }
        private set;
    }

    /// <summary>The sinks that were let to commit and have not said that they have. Read when all are gathered.</summary>
    public IReadOnlyList<string> Committing =>
        [.. sinks.Where(sink => sink.Value.Decision.IsKept && !sink.Value.Committed.IsKept).Select(sink => sink.Key)];

    /// <summary>What a sink prepared. Read when all are gathered.</summary>
    public Committable CommittableOf(string connection) => sinks[connection].Committable;

    /// <summary>Waits until everyone has acknowledged, or the checkpoint is given up.</summary>
    /// <returns>Whether everyone has.</returns>
    public Task<bool> GatherAsync(CancellationToken cancellationToken) => gathered.WaitAsync(cancellationToken);

    /// <summary>A source has put the barrier on all its outputs.</summary>
    public void Acknowledge(string connection, SourceState? state, DateTimeOffset? oldestCommit)
    {
        lock (gate)
        {
            sources.Add(connection, state);
            OldestCommit = oldestCommit < OldestCommit ? oldestCommit : OldestCommit ?? oldestCommit;
            KeepIfAllHere();
        }
    }

    /// <summary>A node that keeps state was cut at the barrier.</summary>
    public void AcknowledgeNode()
    {
        lock (gate)
        {
            states++;
            KeepIfAllHere();
        }
    }

    /// <summary>A sink has prepared; waits for the decision.</summary>
    /// <returns>The permit to commit, or null when the checkpoint was given up.</returns>
    public Task<CommitPermit?> AcknowledgeAsync(string connection, Committable committable, CancellationToken cancellationToken)
    {
        SinkSeat seat;
        lock (gate)
        {
            seat = new SinkSeat(committable);
            sinks.Add(connection, seat);
            if (IsGivenUp)
            {
                seat.Decision.Keep(null);
            }

            KeepIfAllHere();
        }

        return seat.Decision.WaitAsync(cancellationToken);
    }

    /// <summary>Gives the checkpoint up, unless everyone has acknowledged: sinks that wait go on without committing.</summary>
    public void GiveUp()
    {
        lock (gate)
        {
            if (gathered.IsKept)
            {
                return;
            }

            IsGivenUp = true;
            gathered.Keep(false);
            foreach (var seat in sinks.Values)
            {
                seat.Decision.Keep(null);
            }
        }
    }

    /// <summary>Lets a sink commit and waits until it has.</summary>
    public async ValueTask CommitAsync(string connection, CommitPermit permit, CancellationToken cancellationToken)
    {
        var seat = sinks[connection];
        seat.Decision.Keep(permit);
        await seat.Committed.WaitAsync(cancellationToken);
    }

    /// <summary>A sink has committed.</summary>
    public void ReportCommitted(string connection) => sinks[connection].Committed.Keep(true);

    private void KeepIfAllHere()
    {
        if (sources.Count == sourceCount && states == stateCount && sinks.Count == sinkCount)
        {
            gathered.Keep(true);
        }
    }

    private sealed record SinkSeat(Committable Committable)
    {
        public Promise<CommitPermit?> Decision { get; } = new();

        public Promise<bool> Committed { get; } = new();
    }
}
