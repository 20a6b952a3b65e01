using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;

namespace CdcFlow.Runtime;

/// <summary>Everything outside the engine that it touches.</summary>
public sealed record PipelineServices
{
    /// <summary>Makes connectors.</summary>
    public required IConnectorResolver Connectors { get; init; }

    /// <summary>Keeps the pipeline's checkpoints.</summary>
    public required ICheckpointStore Store { get; init; }

    /// <summary>Who runs the pipeline, for whoever finds it running; by default this process.</summary>
    public LeaseHolder? Holder { get; init; }

    /// <summary>What the host checks before a start writes anything, such as who else may write the store's folder; also by <see cref="PipelineRunner.PreflightAsync"/>.
    /// One that fails ends the start with its code. By default nothing.</summary>
    public Func<CancellationToken, ValueTask<IReadOnlyList<PreflightReport>>> HostChecks { get; init; } = _ => ValueTask.FromResult<IReadOnlyList<PreflightReport>>([]);

    /// <summary>The clock, of every timer too; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where everything runs; the thread pool by default.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>For the spread of pauses between restarts. Not thread-safe: the runner's alone.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Lets barriers pass; null, the default, for all of them at once.</summary>
    public IBarrierGate? Barriers { get; init; }

    /// <summary>Is told of each batch that a node has processed, and how long that took, waiting for its consumers included. From any thread,
    /// several at once, in the midst of the flow: it must be quick. Null, the default, for nobody.</summary>
    public Action<string, TimeSpan>? BatchProcessed { get; init; }

    /// <summary>Is told what happens; by default nobody.</summary>
    public IPipelineObserver Observer { get; init; } = PipelineObserver.None;
}
