namespace CdcFlow;

/// <summary>Where a change comes from: source, table, transaction and its place in it.</summary>
/// <param name="Origin">What the change shares with its whole transaction.</param>
/// <param name="Event">The row event's index in the transaction, from 0.</param>
/// <param name="Row">The index of this change among those made out of that event, from 0.</param>
public readonly record struct ChangeMetadata(ChangeOrigin Origin, int Event, short Row)
{
    /// <summary>0 where it is the transaction's, however that came about: equal metadata are equal.</summary>
    private readonly ulong address;

    /// <summary>The address of the event's own record in the source's log (PostgreSQL: its LSN); that of the transaction where the source does not say.</summary>
    /// <remarks>No identity: several events share one. <see cref="Offset"/> tells them apart and orders them.</remarks>
    public ulong LogAddress
    {
        get => address == 0 ? Origin.Transaction : address;
        init => address = value == Origin.Transaction ? 0 : value;
    }

    /// <summary>Where the change stands among its transaction's.</summary>
    public TransactionOrder Order { get; init; }

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
