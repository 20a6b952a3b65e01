using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Sources;

namespace CdcFlow.Runtime;

/// <summary>How a pipeline runs. Every value has a default that suits a service.</summary>
public sealed record PipelineOptions
{
    /// <summary>The time from the end of one checkpoint to the start of the next. 10 seconds by default;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for checkpoints by hand only.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a checkpoint may take until all sinks have prepared; then it is given up and the pipeline goes on. 10 minutes by default.</summary>
    public TimeSpan CheckpointTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many checkpoints given up in a row end the attempt. From 1 to 10; 3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set beyond the range: each one given up may still have a barrier on every edge.</exception>
    public int AbortedCheckpointsMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10);
            field = value;
        }
    } = 3;

    /// <summary>How many committed checkpoints the store keeps; at least 1, 3 by default.</summary>
    public int RetainedCheckpoints { get; init; } = 3;

    /// <summary>Bytes that may wait in queues, chunks and transactions together; 64 MiB by default.</summary>
    public long BudgetBytes { get; init; } = 64 << 20;

    /// <summary>How long sources read; continuously by default.</summary>
    public Boundedness Boundedness { get; init; } = Boundedness.Continuous;

    /// <summary>When a failed pipeline starts again.</summary>
    public RestartOptions Restart { get; init; } = new();

    /// <summary>How the operator wants it to recover, this once; null, the default, for the ordinary way.</summary>
    public RecoveryOverride? RecoverFrom { get; init; }
}
