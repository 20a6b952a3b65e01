using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Observation;

/// <summary>What a pipeline is doing.</summary>
public enum PipelinePhase
{
    /// <summary>Checking and recovering.</summary>
    Starting,

    /// <summary>Reading and writing.</summary>
    Running,

    /// <summary>Waiting for the next attempt after a fault.</summary>
    Restarting,

    /// <summary>Done, or stopped in good order.</summary>
    Ended,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>What is known of a pipeline, for health checks and tools. Thread-safe.</summary>
public sealed class PipelineStatus
{
    private readonly TimeProvider time;
    private volatile Known known;

    internal PipelineStatus(TimeProvider time)
    {
        this.time = time;
        known = new Known(PipelinePhase.Starting, time.GetUtcNow(), null, null, 0);
    }

    /// <summary>What it is doing.</summary>
    public PipelinePhase Phase => known.Phase;

    /// <summary>Since when the last checkpoint or the start counts: the age of what would be read again after a crash.</summary>
    public DateTimeOffset ProgressedAt => known.ProgressedAt;

    /// <summary>The last checkpoint of this process, committed or given up; null before the first.</summary>
    public CheckpointReport? LastCheckpoint => known.LastCheckpoint;

    /// <summary>The last fault, healed or not; null while there was none.</summary>
    public Exception? Error => known.Error;

    /// <summary>How often it has restarted in this process.</summary>
    public int Restarts => known.Restarts;

    // The runner tells one thing at a time; only Fail may come from the service, after the runner has ended.
    internal void Start() => known = known with { Phase = PipelinePhase.Running, ProgressedAt = time.GetUtcNow() };

    internal void Checkpoint(CheckpointReport report) => known = known with
    {
        LastCheckpoint = report,
        ProgressedAt = report.Outcome == CheckpointOutcome.Committed ? report.StartedAt : known.ProgressedAt,
    };

    internal void Restart(Exception cause) => known = known with { Phase = PipelinePhase.Restarting, Error = cause, Restarts = known.Restarts + 1 };

    internal void Wait(Exception cause) => known = known with { Phase = PipelinePhase.Restarting, Error = cause };

    internal void End() => known = known with { Phase = PipelinePhase.Ended, Error = null };

    internal void Fail(Exception error) => known = known with { Phase = PipelinePhase.Failed, Error = error };

    private sealed record Known(
        PipelinePhase Phase, DateTimeOffset ProgressedAt, CheckpointReport? LastCheckpoint, Exception? Error, int Restarts);
}
