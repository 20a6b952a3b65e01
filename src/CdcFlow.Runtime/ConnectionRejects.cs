using CdcFlow.Rejects;

namespace CdcFlow.Runtime;

/// <summary>The rejected changes that one sink connection keeps (<see cref="PipelineRunner.RejectsAsync"/>).</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="Kept">What it says of them.</param>
public sealed record ConnectionRejects(string Connection, RejectList Kept);
