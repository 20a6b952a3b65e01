namespace CdcFlow.Batches;

/// <summary>The source's table changed its columns: every change before this element has the old ones, every later one the new.</summary>
/// <param name="table">The table.</param>
/// <param name="before">Its columns as <c>name type</c>, in order; empty when first seen.</param>
/// <param name="after">The new ones.</param>
/// <param name="transaction">The place in commit order of the transaction in which it was first seen.</param>
public sealed class SchemaChange(TableId table, IReadOnlyList<string> before, IReadOnlyList<string> after, ulong transaction) : StreamElement
{
    /// <summary>The table.</summary>
    public TableId Table { get; } = table;

    /// <summary>Its columns until now, as <c>name type</c>.</summary>
    public IReadOnlyList<string> Before { get; } = before;

    /// <summary>Its columns from now on.</summary>
    public IReadOnlyList<string> After { get; } = after;

    /// <summary>Where in commit order the change was first seen.</summary>
    public ulong Transaction { get; } = transaction;
}
