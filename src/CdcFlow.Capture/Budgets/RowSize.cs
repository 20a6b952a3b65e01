namespace CdcFlow.Capture.Budgets;

/// <summary>About how much memory a row takes once it is an object: an overhead, and twice its columns' bytes on the wire.</summary>
internal static class RowSize
{
    private const int PerRow = 64;

    /// <summary>Of a row whose columns, or whose message, take so many bytes on the wire.</summary>
    internal static long Of(long wireBytes) => PerRow + (wireBytes * 2);
}
