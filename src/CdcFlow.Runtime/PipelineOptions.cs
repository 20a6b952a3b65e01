using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Configuration;
using CdcFlow.Sources;

namespace CdcFlow.Runtime;

/// <summary>How a pipeline runs. Every value has a default that suits a service.</summary>
/// <remarks>Ranges are checked when the pipeline starts, all at once (<see cref="Problems"/>). Times are at most forty days.</remarks>
public sealed record PipelineOptions
{
    /// <summary>Each checkpoint given up may still have a barrier on every edge, and those are counted.</summary>
    internal const int AbortedCheckpointsLimit = 10;

    /// <summary>The time from the end of one checkpoint to the start of the next. 10 seconds by default;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for checkpoints by hand only.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a checkpoint may take until all sinks have prepared; then it is given up and the pipeline goes on. Then again, how long until
    /// all have committed; after that the outcome is unknown, and the pipeline restarts and asks their markers. 10 minutes by default.</summary>
    public TimeSpan CheckpointTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many checkpoints given up in a row end the attempt. From 1 to 10; 3 by default.</summary>
    public int AbortedCheckpointsMax { get; init; } = 3;

    /// <summary>How many committed checkpoints the store keeps; from 1 to 1000, 3 by default.</summary>
    public int RetainedCheckpoints { get; init; } = 3;

    /// <summary>How long a start waits for the lease of another instance, which may be dead, or work and be about to stop. 40 seconds by default: longer than the 30 seconds that a lease must
    /// stand still before it is free. With less, nobody succeeds an instance that died on another machine without giving its lease back, or is paused.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Bytes that may wait in queues, chunks and transactions together, shared equally by the sources; 64 MiB by default.</summary>
    public long BudgetBytes { get; init; } = 64 << 20;

    /// <summary>How long sources read; continuously by default.</summary>
    public Boundedness Boundedness { get; init; } = Boundedness.Continuous;

    /// <summary>How many changes the nodes of one chain, or the sinks of one connection, may set aside or skip within one checkpoint; one more stops the pipeline. From 1 to
    /// 1,000,000; 100 by default. Only nodes and sinks whose <see cref="OnError"/> is not <see cref="OnError.Stop"/> reject any.</summary>
    public int RejectsMax { get; init; } = 100;

    /// <summary>When a failed pipeline starts again.</summary>
    public RestartOptions Restart { get; init; } = new();

    /// <summary>Tables that sources read again, this once; null, the default: none.</summary>
    public ResnapshotRequest? Resnapshot { get; init; }

    /// <summary>How the operator wants it to recover, this once; null, the default, for the ordinary way.</summary>
    public RecoveryOverride? RecoverFrom { get; init; }

    /// <summary>What a start does when the pipeline has changed since its checkpoint so that rows in its sinks are out of date or missing; it stops by default.</summary>
    public OnDefinitionChange OnDefinitionChange { get; init; } = OnDefinitionChange.Stop;

    /// <summary>Whether the operator has accepted what the pipeline has changed to, this once; false by default.</summary>
    public bool AcceptsDefinition { get; init; }

    /// <summary>For a source connection's name, the place in its log up to which changes that cannot be read are skipped. Empty by default.</summary>
    public IReadOnlyDictionary<string, string> SkipTo { get; init; } = new Dictionary<string, string>();

    /// <summary>Every value that is out of its range.</summary>
    /// <param name="section">The pipeline's section of the configuration, as in <c>CdcFlow:orders</c>: problems name the keys below it.</param>
    public IReadOnlyList<ConfigurationProblem> Problems(string section) => PipelineOptionRanges.Check(this, section);
}
