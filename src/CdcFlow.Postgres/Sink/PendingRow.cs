namespace CdcFlow.Postgres.Sink;

/// <summary>A row that waits to be written.</summary>
/// <param name="Fields">Its encoded columns.</param>
/// <param name="Lacking">The columns that no change carried; null: none.</param>
/// <param name="CarriedFrom">A row that has the key under which the table has those; null where none is lacking.</param>
/// <param name="Older">The row that had the same key before, for as long as both are there; none: <see cref="KeyState.None"/>.</param>
internal readonly record struct PendingRow<T>(Range Fields, ColumnSet? Lacking, T? CarriedFrom, int Older = KeyState.None)
    where T : class
{
    /// <summary>Whether another row may have had the key in this transaction when the row came under it, and may be there still.</summary>
    public bool MayOverlap { get; init; }
}

/// <summary>What a key has come to.</summary>
/// <param name="Newest">The waiting row that has the key; none: <see cref="None"/>.</param>
/// <param name="IsRemoved">Whether the row is gone that the table has, or had.</param>
/// <param name="Last">Where the last change comes from.</param>
internal readonly record struct KeyState(int Newest, bool IsRemoved, ChangeMetadata Last)
{
    public const int None = -1;

    /// <summary>What the first change was, and the last.</summary>
    public (Operation First, Operation Last) Operations { get; init; }

    /// <summary>Whether a merge has anything to do for the key.</summary>
    public bool HasEffect => Newest != None || IsRemoved;
}

/// <summary>A row to be staged.</summary>
/// <param name="Kind">See <see cref="RowKind"/>.</param>
/// <param name="Pending">What to write; for a delete, nothing.</param>
/// <param name="Row">A row that has the key; null for a truncate that is appended.</param>
/// <param name="Metadata">Where the last change of it comes from.</param>
internal readonly record struct StagedRow<T>(short Kind, PendingRow<T> Pending, T? Row, ChangeMetadata Metadata)
    where T : class
{
    /// <summary>What the first change of it was that waits, and the last.</summary>
    public (Operation First, Operation Last) Operations { get; init; }
}

/// <summary>A row that has left its key; it may come back under another within the same event.</summary>
/// <param name="Row">The row that left, at least its key.</param>
/// <param name="Known">What waited under the key; null: what the table has.</param>
/// <param name="Metadata">Where the delete comes from.</param>
internal readonly record struct Departure<T>(T Row, PendingRow<T>? Known, ChangeMetadata Metadata)
    where T : class
{
    /// <summary>Whether <paramref name="arrival"/> is the second half of the update that gave the row another key.</summary>
    public bool LeadsTo(ChangeMetadata arrival) =>
        arrival.Origin.Transaction.Place == Metadata.Origin.Transaction.Place && arrival.Event == Metadata.Event && arrival.Row == Metadata.Row + 1;
}
