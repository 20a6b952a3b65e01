namespace CdcFlow;

/// <summary>Where a change comes from: source, table, transaction and its place in it.</summary>
/// <param name="Origin">What the change shares with its whole transaction.</param>
/// <param name="Event">The row event's index in the transaction, from 0.</param>
/// <param name="Row">The index of this change among those made out of that event, from 0.</param>
public readonly record struct ChangeMetadata(ChangeOrigin Origin, int Event, short Row)
{
    /// <summary>The change's place in the source's log.</summary>
    public SourceOffset Offset => new(Origin.Transaction, Event, Row);

    /// <summary>The source's connection name.</summary>
    public string Source => Origin.Source;

    /// <summary>The table the row belongs to.</summary>
    public TableId Table => Origin.Table;

    /// <summary>When the transaction committed, by the source's clock. The same on every replay.</summary>
    public DateTimeOffset CommittedAt => Origin.CommittedAt;

    /// <summary>The source's own name of the transaction, or null for a snapshot read.</summary>
    public string? TransactionId => Origin.TransactionId;
}
