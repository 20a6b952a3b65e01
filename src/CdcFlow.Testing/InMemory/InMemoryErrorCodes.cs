namespace CdcFlow.Testing;

/// <summary>The error codes of the in-memory connectors. Never reused; each has a row in <c>docs/reference/errors.md</c>.</summary>
public static class InMemoryErrorCodes
{
    /// <summary>The log that the source's state needs is gone.</summary>
    public const string LogLost = "CDCF5901";

    /// <summary>A newer instance writes to the sink.</summary>
    public const string Fenced = "CDCF5902";

    /// <summary>A failure that the test asked for.</summary>
    public const string Injected = "CDCF5903";

    /// <summary>The committable names staged output that does not exist.</summary>
    public const string StagedOutputMissing = "CDCF5904";

    /// <summary>The state was written by a newer version.</summary>
    public const string StateNewer = "CDCF5905";

    /// <summary>Another instance reads the source.</summary>
    public const string ReaderReplaced = "CDCF5906";
}
