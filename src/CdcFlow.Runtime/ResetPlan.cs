using CdcFlow.Configuration;

namespace CdcFlow.Runtime;

/// <summary>What a reset has found (<see cref="PipelineRunner.ResetAsync"/>).</summary>
/// <param name="Traces">What the connections have made, in the order in which it goes: sources first, since a start without their slot or log stops.</param>
/// <param name="StoreIsThere">Whether the store holds anything; it goes last.</param>
/// <param name="Unknown">The connections that do not know what they have made. Sinks among them that keep a marker refuse the next start until it is taken away by hand.</param>
/// <param name="KeepingSinks">The sinks that keep every row they ever got: a new snapshot comes to them once more.</param>
public sealed record ResetPlan(
    IReadOnlyList<ConnectionTrace> Traces, bool StoreIsThere, IReadOnlyList<string> Unknown, IReadOnlyList<string> KeepingSinks)
{
    /// <summary>Whether there is nothing that could go.</summary>
    public bool IsEmpty => !StoreIsThere && Traces.All(found => found.Trace.State != TraceState.Present);
}

/// <summary>A trace, and whose it is.</summary>
/// <param name="Connection">The connection, as in <c>source shop</c>.</param>
/// <param name="Trace">The trace.</param>
public sealed record ConnectionTrace(string Connection, PipelineTrace Trace);
