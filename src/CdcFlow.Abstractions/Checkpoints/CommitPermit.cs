using CdcFlow.Sinks;

namespace CdcFlow.Checkpoints;

/// <summary>Permission to commit one checkpoint on one sink. Only the checkpoint protocol makes it, after the checkpoint's state is durable:
/// committing in any other order does not compile.</summary>
public sealed class CommitPermit
{
    internal CommitPermit(string pipeline, CheckpointRef checkpoint, Committable committable)
    {
        Pipeline = pipeline;
        Checkpoint = checkpoint;
        Committable = committable;
    }

    /// <summary>The pipeline's name.</summary>
    public string Pipeline { get; }

    /// <summary>The checkpoint to commit: what a transactional sink writes as its marker.</summary>
    public CheckpointRef Checkpoint { get; }

    /// <summary>Whether the store knows that every sink has committed the checkpoint before. What a staged sink published for it was seen by readers, who may have taken it away
    /// since; for a part whose sink was renamed or removed since, nothing is owed but what was to go on being written. Only a start asks again for what is known.</summary>
    public bool IsKnownCommitted { get; internal init; }

    /// <summary>What this sink handed over when it prepared the checkpoint, perhaps in another process.</summary>
    public Committable Committable { get; }
}
