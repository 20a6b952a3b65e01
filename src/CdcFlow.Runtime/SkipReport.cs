using CdcFlow.Checkpoints;
using CdcFlow.Sources;

namespace CdcFlow.Runtime;

/// <summary>What became of a skip (<see cref="PipelineRunner.SkipAsync"/>).</summary>
/// <param name="Checkpoint">The checkpoint that it made, committed on every sink: the next start goes on from it.</param>
/// <param name="Skip">What was left out.</param>
public sealed record SkipReport(CheckpointRef Checkpoint, SourceSkip Skip);
