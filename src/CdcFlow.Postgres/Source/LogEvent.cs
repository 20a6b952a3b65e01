using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source;

/// <summary>Which event of the log is being decoded.</summary>
/// <param name="Index">Its index in the transaction.</param>
/// <param name="At">Where its record lies in the log.</param>
/// <param name="Order">Where the first change that is made out of it stands in the transaction.</param>
internal readonly record struct LogEvent(int Index, Lsn At, TransactionOrder Order)
{
    /// <summary>Where a change comes from that is made out of it.</summary>
    /// <param name="origin">Its transaction and table.</param>
    /// <param name="row">The index of the change, from 0.</param>
    internal ChangeMetadata Metadata(ChangeOrigin origin, short row) => new(origin, Index, row)
    {
        Detail = At.Value,
        Order = new TransactionOrder(Order.Total + row, Order.InTable + row),
    };
}
