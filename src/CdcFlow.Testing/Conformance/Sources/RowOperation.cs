namespace CdcFlow.Testing.Conformance.Sources;

/// <summary>One row operation that a check asks a stand for.</summary>
/// <param name="Table">The table.</param>
/// <param name="Operation">Insert, update, delete or truncate.</param>
/// <param name="Before">The row as it is before an update or a delete; its key names the row. Null for the others.</param>
/// <param name="After">The row after an insert or an update, whose key may differ from the one before. Null for the others.</param>
public sealed record RowOperation(StandTable Table, Operation Operation, StandRow? Before, StandRow? After);

/// <summary>A row in both forms that a stand may need.</summary>
/// <param name="Row">The row, of the table's <see cref="StandTable.RowType"/>.</param>
/// <param name="Values">Its values, in the order and in the types of the table's schema.</param>
public sealed record StandRow(object Row, IReadOnlyList<object?> Values);
