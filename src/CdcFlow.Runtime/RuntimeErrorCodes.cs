namespace CdcFlow.Runtime;

/// <summary>The error codes of the run time. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
public static class RuntimeErrorCodes
{
    /// <summary>The graph cannot be run as it was built.</summary>
    public const string GraphInvalid = "CDCF2010";

    /// <summary>Checks before the start found what would fail.</summary>
    public const string PreflightFailed = "CDCF2011";

    /// <summary>Too many restarts in too short a time.</summary>
    public const string RestartLimit = "CDCF2012";

    /// <summary>A call into a connector or a transform does not return, although its attempt has ended.</summary>
    public const string CallHangs = "CDCF2013";

    /// <summary>A source or a sink has been away for longer than it is waited for.</summary>
    public const string AwayTooLong = "CDCF2014";

    /// <summary>A sink writes where a source of its pipeline reads.</summary>
    public const string OutputIsInput = "CDCF2015";

    /// <summary>Two sinks of a pipeline write to one place, and do not both say that they mean it.</summary>
    public const string PlaceShared = "CDCF2016";

    /// <summary>Two connections of a pipeline want what only one can have, such as a replication slot.</summary>
    public const string PlaceExclusive = "CDCF2052";

    /// <summary>A sink that keeps one row per key gets the rows of several sources, and nobody says that their keys differ.</summary>
    public const string KeysMerged = "CDCF2053";

    /// <summary>A part of a source's log is to be left out, and nothing of it was read yet.</summary>
    public const string NothingToSkip = "CDCF2060";

    /// <summary>A checkpoint was given up.</summary>
    public const string CheckpointAborted = "CDCF3020";

    /// <summary>Too many checkpoints in a row were given up.</summary>
    public const string CheckpointsAborted = "CDCF3021";

    /// <summary>A checkpoint's commits took too long, and their outcome is unknown.</summary>
    public const string CommitTimedOut = "CDCF3022";
}
