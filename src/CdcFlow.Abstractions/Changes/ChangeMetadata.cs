namespace CdcFlow;

/// <summary>Where a change comes from: source, table, transaction and its place in it.</summary>
/// <param name="Origin">What the change shares with its whole transaction.</param>
/// <param name="Event">The row event's index in the transaction, from 0.</param>
/// <param name="Row">The index of this change among those made out of that event, from 0.</param>
public readonly record struct ChangeMetadata(ChangeOrigin Origin, int Event, short Row)
{
    /// <summary>What the source notes of the event for itself (PostgreSQL: where its record lies in the log, Debezium's <c>lsn</c>); 0 where it notes nothing. <see cref="SourceTransaction.Describe"/> tells it to people.</summary>
    /// <remarks>No identity: several events share one. <see cref="Offset"/> tells them apart and orders them.</remarks>
    public ulong Detail { get; init; }

    /// <summary>Where the change stands among its transaction's.</summary>
    public TransactionOrder Order { get; init; }

    /// <summary>The change's place in the source's log.</summary>
    public SourceOffset Offset => new(Origin.Transaction.Place, Event, Row);

    /// <summary>The source's connection name.</summary>
    public string Source => Origin.Table.Source;

    /// <summary>The table the row belongs to.</summary>
    public TableId Table => Origin.Table.Id;

    /// <summary>When the transaction committed, by the source's clock. The same on every replay.</summary>
    public DateTimeOffset CommittedAt => Origin.Transaction.CommittedAt;

    /// <summary>The source's own name of the transaction, or null for a snapshot read. A text is made at each call.</summary>
    public string? TransactionId => Origin.Transaction.Name;
}
