namespace CdcFlow.Testing;

/// <summary>A call on a sink that a test can let fail.</summary>
public enum SinkOperation
{
    /// <summary>Opening: fencing and reading the marker.</summary>
    Open,

    /// <summary>Taking a batch.</summary>
    Write,

    /// <summary>Flushing before a checkpoint.</summary>
    Prepare,

    /// <summary>Committing a checkpoint.</summary>
    Commit,

    /// <summary>The first reading of the marker, before opening.</summary>
    ReadMarker,

    /// <summary>Taking the marker away for a reset.</summary>
    Forget,
}
