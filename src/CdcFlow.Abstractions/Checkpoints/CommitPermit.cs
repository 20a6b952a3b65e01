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

    /// <summary>Whether it is known that every sink has committed the checkpoint already, as after a stop in good order: then a sink that can no longer find its way to a part of
    /// what was handed over, because that part's sink was renamed or removed since, owes nothing for it.</summary>
    public bool IsKnownCommitted { get; internal init; }

    /// <summary>What this sink handed over when it prepared the checkpoint, perhaps in another process.</summary>
    public Committable Committable { get; }
}
