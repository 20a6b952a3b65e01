using CdcFlow.Batches;
using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Flow;

/// <summary>Cuts the stream: all before it belongs to the checkpoint, nothing after it. Never overtakes, is never overtaken (Chandy–Lamport).</summary>
internal sealed class Barrier(CheckpointMeeting meeting) : StreamElement
{
    /// <summary>The checkpoint that the barrier cuts for.</summary>
    public CheckpointRef Checkpoint => Meeting.Checkpoint;

    /// <summary>Where sources and sinks acknowledge.</summary>
    public CheckpointMeeting Meeting { get; } = meeting;
}
