namespace CdcFlow.Operators;

/// <summary>Changes of a derived row: what a map or a fan-out passes on.</summary>
public static class Derived
{
    /// <summary>The change that says of <paramref name="row"/> what <paramref name="change"/> says of its own row.</summary>
    /// <param name="change">An insert, update, snapshot read or delete.</param>
    /// <param name="row">The derived row: the new one, or for a delete the old one (as complete as the old row it was made of).</param>
    /// <remarks>An update carries no old row: it was not derived.</remarks>
    public static Change<TOut> From<TIn, TOut>(in Change<TIn> change, TOut row)
        where TIn : class
        where TOut : class =>
        change.Operation == Operation.Delete
            ? new(Operation.Delete, change.BeforeState, row, null, null, change.Metadata)
            : new(change.Operation, BeforeState.Absent, null, row, null, change.Metadata);

    /// <summary>As <see cref="From{TIn, TOut}(in Change{TIn}, TOut)"/>, with the old row for an update.</summary>
    /// <param name="change">An insert, update or snapshot read.</param>
    /// <param name="old">What was made of the whole old row; null where that is unknown.</param>
    /// <param name="row">The derived row.</param>
    public static Change<TOut> From<TIn, TOut>(in Change<TIn> change, TOut? old, TOut row)
        where TIn : class
        where TOut : class =>
        change.Operation == Operation.Update && old is not null ? Change<TOut>.Update(old, row, change.Metadata) : From(change, row);
}
