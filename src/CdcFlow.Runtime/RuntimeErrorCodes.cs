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

    /// <summary>A checkpoint was given up.</summary>
    public const string CheckpointAborted = "CDCF3020";

    /// <summary>Too many checkpoints in a row were given up.</summary>
    public const string CheckpointsAborted = "CDCF3021";
}
