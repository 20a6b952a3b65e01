namespace CdcFlow.Postgres.Sink;

/// <summary>What a staged row is.</summary>
internal static class RowKind
{
    /// <summary>A key whose row is to be removed.</summary>
    public const short Delete = 0;

    /// <summary>A whole row.</summary>
    public const short Row = 1;

    /// <summary>The first of the kinds for rows that lack columns: one kind per pattern of lacking columns.</summary>
    public const short FirstPartial = 2;
}
