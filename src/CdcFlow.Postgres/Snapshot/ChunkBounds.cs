using System.Globalization;
using CdcFlow.Capture;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Foretells where chunks end, for keys of one integer column.</summary>
/// <param name="key">The key's columns.</param>
internal sealed class ChunkBounds(IReadOnlyList<PostgresColumn> key)
{
    private readonly KeyDensity? density = key is [{ TypeName: var type }]
        ? type switch
        {
            "smallint" => new KeyDensity(short.MaxValue),
            "integer" => new KeyDensity(int.MaxValue),
            "bigint" => new KeyDensity(long.MaxValue),
            _ => null,
        }
        : null;

    /// <summary>Where the next chunk ends; null when only the server can say.</summary>
    internal ChunkKey? Next(ChunkKey? after, long rows) =>
        after is not null && density?.Bound(Number(after), rows) is { } bound
            ? new ChunkKey(bound.ToString(CultureInfo.InvariantCulture))
            : null;

    /// <summary>Learns from a chunk that was read.</summary>
    internal void Learn(ChunkRange range, long rows)
    {
        if (range is { After: { } after, UpTo: { } upTo })
        {
            density?.Learn(Number(after), Number(upTo), rows);
        }
    }

    /// <summary>A chunk was larger than foretold.</summary>
    internal void Forget() => density?.Forget();

    private static long Number(ChunkKey key) => long.Parse(key.Values[0], CultureInfo.InvariantCulture);
}
