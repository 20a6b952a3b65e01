namespace CdcFlow.Batches;

/// <summary>The source's table changed its columns: every change before this element has the old ones, every later one the new.</summary>
/// <remarks>It goes as far as the rows of the source's type go: behind a node that makes rows of another type of them, nobody hears of it.</remarks>
/// <param name="before">The table until now; without columns when first seen.</param>
/// <param name="after">The table from now on.</param>
/// <param name="transaction">The place in commit order of the transaction in which it was first seen.</param>
public sealed class SchemaChange(TableSchema before, TableSchema after, ulong transaction) : StreamElement
{
    /// <summary>The table.</summary>
    public TableId Table => After.Table;

    /// <summary>The table until now.</summary>
    public TableSchema Before { get; } = before;

    /// <summary>The table from now on.</summary>
    public TableSchema After { get; } = after;

    /// <summary>Where in commit order the change was first seen.</summary>
    public ulong Transaction { get; } = transaction;
}
