namespace CdcFlow;

/// <summary>Where a source begins when there is no checkpoint. With a checkpoint, it always goes on from there.</summary>
public enum Startup
{
    /// <summary>Read the tables, and the log from before that on.</summary>
    Initial,

    /// <summary>Only changes made after the first start.</summary>
    Latest,

    /// <summary>From the oldest log the server still has.</summary>
    Earliest,

    /// <summary>From the first transaction at or after a time.</summary>
    Timestamp,

    /// <summary>From a given place in the log.</summary>
    SpecificOffset,

    /// <summary>Read the tables, then end.</summary>
    SnapshotOnly,

    /// <summary>From what the server remembers as confirmed (PostgreSQL: the slot's confirmed position).</summary>
    Committed,

    /// <summary>As <see cref="Initial"/>, and again whenever the log needed to go on is gone.</summary>
    WhenNeeded,
}
