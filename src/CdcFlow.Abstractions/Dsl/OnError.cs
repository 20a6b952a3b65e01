namespace CdcFlow;

/// <summary>What becomes of one change that a node's method throws on, or that a sink's system refuses for the row's own sake.</summary>
/// <remarks>What may heal by itself (a time limit, a connection) is no fault of the change: it always restarts the pipeline from its last checkpoint.</remarks>
public enum OnError
{
    /// <summary>The pipeline stops, and the change comes again at the next start.</summary>
    Stop,

    /// <summary>The change is set aside where each sink keeps its rejects, within the same checkpoint as the changes around it, and the pipeline goes on.</summary>
    DeadLetter,

    /// <summary>The change is left out; it is counted and said, and kept nowhere.</summary>
    Skip,
}
