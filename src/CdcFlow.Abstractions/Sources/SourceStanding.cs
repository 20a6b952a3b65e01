namespace CdcFlow.Sources;

/// <summary>How a source stands, as somebody sees it who does not open it: what a checkpoint says, and what the server says now.</summary>
/// <remarks>What is not known is null. Holds no secret and no row.</remarks>
public sealed record SourceStanding
{
    /// <summary>The place in the log from which a start would go on, as the server spells it; null where there is no checkpoint.</summary>
    public string? Position { get; init; }

    /// <summary>How far the snapshots were at that checkpoint; empty where there is none.</summary>
    public IReadOnlyList<TableProgress> Tables { get; init; } = [];

    /// <summary>The end of the server's log.</summary>
    public string? Head { get; init; }

    /// <summary>Log bytes between <see cref="Position"/> and <see cref="Head"/>.</summary>
    public long? LagBytes { get; init; }

    /// <summary>Log bytes that the server keeps for this source.</summary>
    public long? RetainedBytes { get; init; }

    /// <summary>The place up to which the server was told that it may forget.</summary>
    public string? Confirmed { get; init; }

    /// <summary>Whether somebody reads the log for this pipeline now.</summary>
    public bool? IsRead { get; init; }

    /// <summary>What else there is to say, in the order in which people should read it: by the server's own names, <c>slot</c>, <c>wal_status</c>; and <c>skipped</c>, what was left out by order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>Why the server could not be asked: then only what the checkpoint says is known. Null where it was.</summary>
    public CdcFlowException? Failure { get; init; }
}
