namespace CdcFlow.Capture;

/// <summary>Foretells where a chunk of so many rows ends, for a key of one whole number, by how dense the keys of the last chunk were.</summary>
/// <remarks>
/// Asking the server instead makes it walk over every key of the chunk once more. A bound need not be a key that exists, so a wrong guess only
/// makes a chunk smaller or larger than wished; it answers null, and the server is to be asked, while nothing is known and where keys have become
/// sparse: in a gap, and behind the last row. Not thread-safe.
/// </remarks>
/// <param name="largest">The largest value of the key's type.</param>
public sealed class KeyDensity(long largest)
{
    /// <summary>A chunk so many times sparser than the one before says that it reached into a gap.</summary>
    private const double Gap = 4;

    private double? keysPerRow;

    /// <summary>Learns from a chunk that was read.</summary>
    /// <param name="after">Its exclusive lower bound.</param>
    /// <param name="upTo">Its inclusive upper bound.</param>
    /// <param name="rows">The rows found in it.</param>
    public void Learn(long after, long upTo, long rows)
    {
        var found = rows == 0 ? double.PositiveInfinity : (double)((Int128)upTo - after) / rows;
        keysPerRow = found > (keysPerRow ?? found) * Gap || double.IsInfinity(found) ? null : found;
    }

    /// <summary>Forgets: a chunk turned out much denser than foretold.</summary>
    public void Forget() => keysPerRow = null;

    /// <summary>Where a chunk of <paramref name="rows"/> rows after <paramref name="after"/> probably ends; null when only the server can say.</summary>
    public long? Bound(long after, long rows)
    {
        var width = Math.Max(1, Math.Ceiling(rows * (keysPerRow ?? double.NaN)));
        return width < largest - (double)after && (Int128)after + (Int128)width < largest ? (long)(after + (Int128)width) : null;
    }
}
