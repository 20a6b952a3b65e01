using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime;

/// <summary>What a take-over is about to change.</summary>
/// <param name="Sinks">The sinks that are another store's, with what their markers say.</param>
/// <param name="Sources">The source connections whose place in the log is another store's, and whose.</param>
public sealed record TakeOverQuestion(IReadOnlyList<OpenedSink> Sinks, IReadOnlyList<(string Connection, StoreId Owner)> Sources);

/// <summary>What became of a take-over (<see cref="PipelineRunner.TakeOverAsync"/>).</summary>
/// <param name="Store">The store that owns the sinks now.</param>
/// <param name="Connections">The sink connections that it did not own before; empty where it owned all of them, and nothing was done.</param>
/// <param name="Next">How the next start goes on: where it is a <see cref="Refusal"/>, its user must say where to begin.</param>
/// <param name="Newest">The newest checkpoint of the store that can be restored; null when there is none.</param>
public sealed record TakeOverReport(StoreId Store, IReadOnlyList<string> Connections, RecoveryDecision Next, CheckpointRef? Newest)
{
    /// <summary>The source connections whose place in the log another store owned before. Default: none.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];
}
