namespace CdcFlow.Operators;

/// <summary>What a fan-out needs to take back the rows that it made of an old row.</summary>
public static class FanOut
{
    /// <summary>Stops when an update or delete does not carry its whole old row.</summary>
    /// <param name="change">The change.</param>
    /// <param name="node">The node's id, for the message.</param>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.FanOutNeedsBefore"/>.</exception>
    public static void RequireBefore<T>(in Change<T> change, string node)
        where T : class
    {
        if (change.Operation is Operation.Update or Operation.Delete && change.BeforeState != BeforeState.Full)
        {
            throw new CdcFlowException(
                ErrorCodes.FanOutNeedsBefore,
                $"'{node}' cannot take back what it made of a row of {change.Metadata.Table}: the log does not carry the old row at {change.Metadata.Offset}.",
                $"Take Change<T> in '{node}', or set OnDrop = OnDrop.Ignore on it, and start again. "
                + $"Or leave this change out by reading the table again, and have later ones carry the old row: run --resnapshot {Pasted.Word(change.Metadata.Table.ToString())}, after ALTER TABLE {Pasted.Sql(change.Metadata.Table.Schema, change.Metadata.Table.Name)} REPLICA IDENTITY FULL;")
            { IsOfRow = true };
        }
    }

    /// <summary>The change that says of one row of a fan-out what happened to it.</summary>
    /// <param name="change">The change of the row that it was made of.</param>
    /// <param name="old">The row with the same key that was made of the old row; null when there was none.</param>
    /// <param name="row">The row.</param>
    public static Change<TOut> Row<TIn, TOut>(in Change<TIn> change, TOut? old, TOut row)
        where TIn : class
        where TOut : class =>
        old is not null ? Change<TOut>.Update(old, row, change.Metadata)
        : change.Operation == Operation.SnapshotRead ? Change<TOut>.SnapshotRead(row, change.Metadata)
        : Change<TOut>.Insert(row, change.Metadata);
}
