namespace CdcFlow.Postgres.Wire;

/// <summary>The rows of one statement, every value as the server's own text.</summary>
/// <param name="Columns">The columns' names; empty for a statement without rows.</param>
/// <param name="Rows">The rows in order; null is SQL NULL.</param>
internal sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows)
{
    /// <summary>The only value of a query that returns one row of one column.</summary>
    internal string? Scalar => Rows is [[var value]]
        ? value
        : throw new InvalidOperationException($"The query gave {Rows.Count} rows of {Columns.Count} columns, not one value.");
}
