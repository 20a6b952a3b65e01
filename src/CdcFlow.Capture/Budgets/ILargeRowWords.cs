namespace CdcFlow.Capture.Budgets;

/// <summary>What a connector says of a table whose row is too large.</summary>
internal interface ILargeRowWords
{
    /// <summary>The table.</summary>
    TableId Id { get; }

    /// <summary>The code of the error.</summary>
    string TooLargeCode { get; }

    /// <summary>The statement, ready to be pasted, that lists the rows that the server says are larger than so many bytes.</summary>
    string FindLarger(long bytes);
}
