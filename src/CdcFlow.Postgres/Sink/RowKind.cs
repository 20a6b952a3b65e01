namespace CdcFlow.Postgres.Sink;

/// <summary>What a staged row is.</summary>
internal static class RowKind
{
    /// <summary>A key whose row is to be removed.</summary>
    public const short Delete = 0;

    /// <summary>A whole row.</summary>
    public const short Row = 1;

    private const short FirstLacking = 2;

    /// <summary>A row that lacks columns, by the pattern of those.</summary>
    /// <param name="pattern">The pattern's index.</param>
    /// <param name="isMoved">Whether the table has them under another key.</param>
    public static short Lacking(int pattern, bool isMoved) => (short)(FirstLacking + (2 * pattern) + (isMoved ? 1 : 0));

    /// <summary>How many kinds there are.</summary>
    /// <param name="patterns">Of how many patterns.</param>
    public static int Count(int patterns) => FirstLacking + (2 * patterns);
}
