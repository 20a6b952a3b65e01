using System.Runtime.CompilerServices;

namespace CdcFlow.Operators;

/// <summary>What a node tells its consumers about a row.</summary>
public enum Emission : byte
{
    /// <summary>Nothing: the consumer neither has the row nor shall have it.</summary>
    Nothing,

    /// <summary>The change as it is.</summary>
    Same,

    /// <summary>The row is new to the consumer: an insert of the new row.</summary>
    AsInsert,

    /// <summary>The consumer may have the row and shall not: a delete of it.</summary>
    AsDelete,
}

/// <summary>What a filter, a route or a dropping map emits, so that a row which stops passing is taken back downstream.</summary>
/// <remarks>
/// Pure. Where the old row is not fully known, whether it had passed is unknown; a delete of a key that a consumer never had is
/// harmless, a missing delete is not, so the decision retracts.
/// </remarks>
public static class Retraction
{
    /// <summary>Decides what to emit.</summary>
    /// <param name="operation">What happened to the row.</param>
    /// <param name="before">Whether the old row had passed; null when that is unknown.</param>
    /// <param name="after">Whether the new row passes; ignored for deletes and truncates.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Emission Decide(Operation operation, bool? before, bool after)
    {
        // Runs once per row and node: the common case, a row that passes and is not known to have been held back, is one test.
        if (after && before != false && operation < Operation.Delete)
        {
            return Emission.Same;
        }

        return operation switch
        {
            Operation.Truncate => Emission.Same,
            Operation.Delete => before == false ? Emission.Nothing : Emission.Same,
            Operation.Update when after => Emission.AsInsert,
            Operation.Update => before == false ? Emission.Nothing : Emission.AsDelete,
            _ => after ? Emission.Same : Emission.Nothing,
        };
    }

    /// <summary>The change as an insert of its new row; columns that the log did not carry stay marked.</summary>
    public static Change<T> AsInsert<T>(in Change<T> change)
        where T : class =>
        new(Operation.Insert, BeforeState.Absent, null, change.After, change.Missing, change.Metadata);

    /// <summary>The change as a delete.</summary>
    /// <param name="change">The change.</param>
    /// <param name="row">Its old row as far as the log carried it; where it carried none, a row that holds the key only.</param>
    public static Change<T> AsDelete<T>(in Change<T> change, T row)
        where T : class =>
        new(Operation.Delete, change.BeforeState == BeforeState.Full ? BeforeState.Full : BeforeState.KeyOnly, row, null, null, change.Metadata);
}
