namespace CdcFlow.Checkpoints;

/// <summary>Proof that a checkpoint is durable and committed on every sink. Only the checkpoint protocol makes it: a source cannot be told
/// to forget anything earlier.</summary>
public sealed class DurableCheckpoint
{
    internal DurableCheckpoint(CheckpointRef checkpoint) => Checkpoint = checkpoint;

    /// <summary>The checkpoint.</summary>
    public CheckpointRef Checkpoint { get; }
}
