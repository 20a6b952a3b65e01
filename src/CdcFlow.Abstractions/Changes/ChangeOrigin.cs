namespace CdcFlow;

/// <summary>What all changes of one transaction to one table share. One object stands behind all of them.</summary>
/// <remarks>Immutable; safe to share between threads.</remarks>
/// <param name="table">The table.</param>
/// <param name="transaction">The transaction.</param>
public sealed class ChangeOrigin(TableOrigin table, SourceTransaction transaction)
{
    /// <summary>What it shares with the table's changes of other transactions.</summary>
    public TableOrigin Table => table;

    /// <summary>What it shares with the transaction's changes of other tables.</summary>
    public SourceTransaction Transaction => transaction;
}
