namespace CdcFlow.Testing;

/// <summary>Where in a checkpoint a process can die.</summary>
public enum CrashPoint
{
    /// <summary>Before the barrier is put into the stream; changes may be in flight.</summary>
    BeforeBarrier,

    /// <summary>The barrier is on its way: it has reached a sink, which has not prepared.</summary>
    DuringAlign,

    /// <summary>The sink (or, where none is named, every sink) has prepared; the checkpoint is not durable.</summary>
    AfterPrepare,

    /// <summary>The checkpoint is durable; no sink has committed.</summary>
    AfterCheckpointDurable,

    /// <summary>The sink (or, where none is named, the first one) has committed, and its answer is lost.</summary>
    DuringCommit,

    /// <summary>Every sink has committed; the source has not been told.</summary>
    AfterCommit,
}
