using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>What a store holds under one reference: a <see cref="ReadableCheckpoint"/> or a <see cref="DamagedCheckpoint"/>.</summary>
/// <param name="Checkpoint">The reference under which it is stored.</param>
public abstract record StoredCheckpoint(CheckpointRef Checkpoint)
{
    /// <summary>How many bytes it takes in the store; null where the store does not count them.</summary>
    public long? Bytes { get; init; }
}

/// <summary>Whole and verified.</summary>
/// <param name="Manifest">What was written.</param>
public sealed record ReadableCheckpoint(CheckpointManifest Manifest) : StoredCheckpoint(Manifest.Checkpoint);

/// <summary>There, but not what was written, or not by a version that this one understands.</summary>
/// <param name="Checkpoint">The reference under which it is stored.</param>
/// <param name="Code"><see cref="CheckpointErrorCodes.Damaged"/> or <see cref="CheckpointErrorCodes.NewerFormat"/>.</param>
/// <param name="Reason">What is wrong with it: one clause without a full stop.</param>
public sealed record DamagedCheckpoint(CheckpointRef Checkpoint, string Code, string Reason) : StoredCheckpoint(Checkpoint);
