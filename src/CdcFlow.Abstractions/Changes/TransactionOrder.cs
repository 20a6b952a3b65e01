namespace CdcFlow;

/// <summary>Where a change stands among those that its source made out of one transaction. The same when the transaction is read again.</summary>
/// <remarks>Counted at the source: changes that a filter drops later leave gaps.</remarks>
/// <param name="Total">Among the changes of all tables that the source reads, from 1; 0 where the source does not count.</param>
/// <param name="InTable">Among those of the same table, from 1; 0 where the source does not count.</param>
public readonly record struct TransactionOrder(int Total, int InTable)
{
    /// <summary>Whether the source counts: it does not for snapshot reads.</summary>
    public bool IsKnown => Total > 0;
}
