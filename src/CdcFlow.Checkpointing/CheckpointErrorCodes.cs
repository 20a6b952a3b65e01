namespace CdcFlow.Checkpointing;

/// <summary>The error codes of checkpoints and their store. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
public static class CheckpointErrorCodes
{
    /// <summary>Another living instance runs the pipeline.</summary>
    public const string LeaseHeld = "CDCF3001";

    /// <summary>A newer instance has taken the pipeline over; this one must end.</summary>
    public const string Fenced = "CDCF3002";

    /// <summary>A sink has committed a checkpoint that is newer than any in the store.</summary>
    public const string MarkerAhead = "CDCF3003";

    /// <summary>The store has no state for the checkpoint that the sink's marker names.</summary>
    public const string StateMissing = "CDCF3004";

    /// <summary>The transactional sink has no marker although checkpoints were committed.</summary>
    public const string MarkerMissing = "CDCF3005";

    /// <summary>The store holds another pipeline's checkpoints.</summary>
    public const string ForeignPipeline = "CDCF3006";

    /// <summary>A checkpoint cannot be read, and none may take its place.</summary>
    public const string Damaged = "CDCF3007";

    /// <summary>A checkpoint was written by a newer version of CdcFlow.</summary>
    public const string NewerFormat = "CDCF3008";

    /// <summary>A sink that may still have a commit to finish is no longer part of the pipeline.</summary>
    public const string SinkRemoved = "CDCF3009";

    /// <summary>Data could not be made durable.</summary>
    public const string FlushFailed = "CDCF3010";

    /// <summary>The disk under the store is full.</summary>
    public const string DiskFull = "CDCF3011";

    /// <summary>The store cannot be read or written.</summary>
    public const string StoreUnavailable = "CDCF3012";

    /// <summary>The operator asked for a checkpoint that the store does not hold.</summary>
    public const string OverrideUnknown = "CDCF3013";

    /// <summary>A checkpoint is larger than a store takes.</summary>
    public const string TooLarge = "CDCF3014";

    /// <summary>Warning: the pipeline's graph is another than that of the checkpoint it goes on from, which is of a version that did not keep its definition.</summary>
    public const string GraphChanged = "CDCF3016";

    /// <summary>A checkpoint holds the position of a source that the pipeline no longer has.</summary>
    public const string SourceRemoved = "CDCF3017";

    /// <summary>The store's folder was deleted, emptied or replaced under a running instance.</summary>
    public const string StoreVanished = "CDCF3023";

    /// <summary>The store's epoch was raised above one that a sink remembers, by an operator's order.</summary>
    public const string EpochRaised = "CDCF3024";

    /// <summary>Every user of the machine may write the store's folder. A warning where the process's user cannot change that.</summary>
    public const string StoreExposed = "CDCF3025";

    /// <summary>Warning: a whole group, or another user, may write the store's folder.</summary>
    public const string StoreShared = "CDCF3026";

    /// <summary>A sink is owned by another checkpoint store.</summary>
    public const string ForeignStore = "CDCF3030";

    /// <summary>Warning: markers of version 0.1 named no store, and the sinks are this store's from now on.</summary>
    public const string SinksAdopted = "CDCF3031";

    /// <summary>What a staged sink had is gone: its folder was emptied or replaced, or its disk is not mounted.</summary>
    public const string SinkVanished = "CDCF3032";

    /// <summary>The file that holds the store's id is damaged.</summary>
    public const string StoreIdDamaged = "CDCF3034";

    /// <summary>The pipeline has changed so that rows which were written before are out of date or missing. A warning where that was accepted.</summary>
    public const string DefinitionChanged = "CDCF3040";

    /// <summary>A side file that a checkpoint names is missing, or is not what was written.</summary>
    public const string SideFileLost = "CDCF3050";

    /// <summary>A checkpoint holds the state of a node that the pipeline no longer has, or that keeps none any more.</summary>
    public const string NodeRemoved = "CDCF3051";

    /// <summary>A node cannot read the state that a checkpoint holds for it.</summary>
    public const string NodeStateUnreadable = "CDCF3052";
}
