using System.Globalization;
using CdcFlow.Capture;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Server;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Changes whose keys only the server can place among the chunks' bounds: they wait, in order, until it is asked for many at once.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class UnlocatedChanges
{
    private const int AtMost = 500;
    private const long BytesAtMost = 1 << 20;

    private readonly List<(ChunkKey Key, uint Xid, HeldChange Change)> changes = [];
    private long bytes;

    internal bool IsEmpty => changes.Count == 0;

    /// <summary>Whether it is time to ask.</summary>
    internal bool IsFull => changes.Count >= AtMost || bytes >= BytesAtMost;

    internal void Add(ChunkKey key, uint xid, IReadOnlyList<HeldChange> ofKey)
    {
        foreach (var change in ofKey)
        {
            changes.Add((key, xid, change));
            bytes += change.Bytes;
        }
    }

    /// <summary>Asks the server, and takes the changes out, each with the number of bounds below its key.</summary>
    internal List<(int Below, uint Xid, HeldChange Change)> Locate(IReadOnlyList<ChunkKey> bounds, ChunkSql sql, ControlSession control)
    {
        var below = CountBelow(bounds, [.. changes.Select(change => change.Key).Distinct()], sql, control);
        List<(int, uint, HeldChange)> located = [.. changes.Select(change => (below[change.Key], change.Xid, change.Change))];
        changes.Clear();
        bytes = 0;
        return located;
    }

    /// <summary>How many bounds are below each key, as the server says.</summary>
    internal static Dictionary<ChunkKey, int> CountBelow(IReadOnlyList<ChunkKey> bounds, IReadOnlyList<ChunkKey> keys, ChunkSql sql, ControlSession control) =>
        keys.Zip(control.Connection.Query(sql.CountBelow(bounds, keys)).Rows, (key, row) => (Key: key, Below: int.Parse(row[0]!, CultureInfo.InvariantCulture)))
            .ToDictionary(pair => pair.Key, pair => pair.Below);
}
