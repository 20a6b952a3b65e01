namespace CdcFlow.Operators;

/// <summary>What a map makes of a row must have the key by which the row's delete travels: otherwise the delete hits the result of another row, or none.</summary>
public static class MadeKey
{
    /// <summary>The error of a map that gave its row another key.</summary>
    /// <param name="change">The change that it was called with.</param>
    /// <param name="node">The node's id.</param>
    /// <param name="made">The property of the key that differs, as in <c>Invoice.Id</c>.</param>
    /// <param name="from">The property whose value it should have, as in <c>Order.Id</c>.</param>
    /// <returns><see cref="ErrorCodes.KeyAltered"/>. The runtime adds the row's key.</returns>
    public static CdcFlowException Altered(ChangeMetadata change, string node, string made, string from) => new(
        ErrorCodes.KeyAltered,
        $"'{node}' gave {made} another value than {from} has, in a row of {change.Table} at {change.Offset}: deletes travel by {from}, so that this row's would hit another row or none.",
        $"Give {made} the value of {from} in '{node}', and put what is made of it into another property. Where the key shall be another, take Change<T> in '{node}': it is called for deletes too, "
        + "and what it returns names the row; or return IEnumerable<…>, which takes back what it made of the whole old row (REPLICA IDENTITY FULL).")
    { IsOfRow = true };
}
