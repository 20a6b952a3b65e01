namespace CdcFlow.Testing;

/// <summary>One entry of the log.</summary>
/// <param name="Number">Its place in commit order, from 1.</param>
/// <param name="CommittedAt">When it committed.</param>
/// <param name="Events">What it did, in order.</param>
internal sealed record LoggedTransaction(ulong Number, DateTimeOffset CommittedAt, IReadOnlyList<LoggedEvent> Events);

/// <summary>One event of a transaction: a row event, or new columns.</summary>
/// <param name="RowType">Names the table.</param>
/// <param name="Operation">What happened; null when the columns changed.</param>
/// <param name="Before">The old row.</param>
/// <param name="After">The new row.</param>
/// <param name="Columns">The new columns, where they changed.</param>
internal sealed record LoggedEvent(Type RowType, Operation? Operation, object? Before, object? After, IReadOnlyList<string>? Columns);
