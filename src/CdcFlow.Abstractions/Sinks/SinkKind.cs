namespace CdcFlow.Sinks;

/// <summary>How a sink takes part in a checkpoint.</summary>
public enum SinkKind
{
    /// <summary>Data and marker commit in one transaction of the sink's own; that commit decides the checkpoint.</summary>
    Transactional,

    /// <summary>Data is written where no reader sees it; a durable committable lets any process publish it, repeatedly and harmlessly.</summary>
    Staged,

    /// <summary>Writes are keyed and versioned, so that repeating them changes nothing.</summary>
    Idempotent,

    /// <summary>Repeated writes are visible to readers.</summary>
    AtLeastOnce,
}
