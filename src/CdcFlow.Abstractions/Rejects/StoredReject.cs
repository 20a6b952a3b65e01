namespace CdcFlow.Rejects;

/// <summary>A rejected change as a sink has kept it: what <see cref="RejectedChange"/> says, read back for people.</summary>
public sealed record StoredReject
{
    /// <summary>The sink that lacks the change.</summary>
    public required string Sink { get; init; }

    /// <summary>The node or sink that rejected it.</summary>
    public required string Node { get; init; }

    /// <summary>The source's connection.</summary>
    public required string Source { get; init; }

    /// <summary>The source's table.</summary>
    public required string Table { get; init; }

    /// <summary>The change's place in the source's log, as <see cref="SourceOffset"/> writes it.</summary>
    public required string Offset { get; init; }

    /// <summary>When the change was committed, by the source's clock.</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>What had happened to the row.</summary>
    public required string Operation { get; init; }

    /// <summary>The row's key; null where it is not known.</summary>
    public string? Key { get; init; }

    /// <summary>Whether the sink keeps the row as it was before.</summary>
    public required bool LeavesOldRow { get; init; }

    /// <summary>The error's code.</summary>
    public required string Code { get; init; }

    /// <summary>Why, without any value of the row but its key.</summary>
    public required string Cause { get; init; }

    /// <summary>What the user's method or the sink's system said; it may quote the row. Null where nothing more is known.</summary>
    public string? Message { get; init; }

    /// <summary>The row as a JSON object; null where it is not known.</summary>
    public string? Evidence { get; init; }

    /// <summary>As it is kept of a change.</summary>
    /// <param name="sink">The sink that lacks it.</param>
    /// <param name="rejected">The change.</param>
    public static StoredReject Of(string sink, RejectedChange rejected) => new()
    {
        Sink = sink,
        Node = rejected.Node,
        Source = rejected.Metadata.Source,
        Table = rejected.Metadata.Table.ToString(),
        Offset = rejected.Metadata.Offset.ToString(),
        CommittedAt = rejected.Metadata.CommittedAt.ToUniversalTime(),
        Operation = rejected.Operation.ToString(),
        Key = rejected.Key,
        LeavesOldRow = rejected.LeavesOldRow,
        Code = rejected.Code,
        Cause = rejected.Cause,
        Message = rejected.Message,
        Evidence = rejected.Row,
    };
}

/// <summary>What a sink connection says of the changes that it keeps.</summary>
/// <param name="Rejects">Those that it can read back, the newest first.</param>
/// <param name="Elsewhere">Where the others stand, for people, as in <c>topic 'orders.rejects'</c>; null where these are all, or more of the same place.</param>
public sealed record RejectList(IReadOnlyList<StoredReject> Rejects, string? Elsewhere = null)
{
    /// <summary>What stands among them and is none, because somebody or something has altered it: a sentence with a code for each, the newest first. Default: nothing does.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}
