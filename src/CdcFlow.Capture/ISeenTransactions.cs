namespace CdcFlow.Capture;

/// <summary>The set of transactions whose changes one database snapshot shows.</summary>
/// <remarks>Sets of one server grow: what one snapshot shows, every later one shows too.</remarks>
public interface ISeenTransactions
{
    /// <summary>Whether the snapshot shows the transaction's changes.</summary>
    /// <param name="transaction">The top-level transaction's id, as the log gives it.</param>
    bool Contains(ulong transaction);

    /// <summary>Whether this snapshot shows everything that <paramref name="other"/>, one of the same server, shows.</summary>
    bool Covers(ISeenTransactions other);
}
