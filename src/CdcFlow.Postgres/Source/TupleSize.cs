using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>About how much memory a row takes once it is an object: an overhead, and twice its columns' bytes on the wire.</summary>
internal static class TupleSize
{
    private const int PerRow = 64;

    internal static long Of(TupleData row) => PerRow + (row.Bytes * 2L);

    /// <summary>The same of a row that is still to be received: its message is little more than its columns.</summary>
    internal static long OfMessage(long length) => PerRow + (length * 2);
}
