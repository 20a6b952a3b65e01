namespace CdcFlow.Testing;

/// <summary>What readers of one sink see: the changes that took effect, in order, and the rows they add up to.</summary>
/// <param name="isVersioned">Whether a change takes effect only if it is newer than what its key has, as with external versions of a
/// search index.</param>
internal sealed class VisibleRows(bool isVersioned)
{
    private readonly List<WrittenChange> changes = [];
    private readonly Dictionary<object, object> rows = [];

    // Deletes keep their version: an older write that comes late must not bring the row back.
    private readonly Dictionary<object, SourceOffset> versions = [];
    private SourceOffset truncated;

    public IReadOnlyList<WrittenChange> Changes => changes;

    public IReadOnlyDictionary<object, object> Rows => rows;

    public void Apply(WrittenChange change)
    {
        if (isVersioned && !IsNewer(change))
        {
            return;
        }

        changes.Add(change);
        if (change.Operation == Operation.Truncate)
        {
            truncated = change.Offset;
            Truncate(change.Offset);
        }
        else if (change.Key is { } key)
        {
            versions[key] = VersionOf(change);
            Set(key, change.After);
        }
    }

    /// <summary>A read is valid after the whole of its transaction, so it is newer than everything in it.</summary>
    private static SourceOffset VersionOf(WrittenChange change) => change.Operation == Operation.SnapshotRead
        ? new SourceOffset(change.Offset.Transaction, int.MaxValue, short.MaxValue)
        : change.Offset;

    private void Set(object key, object? row)
    {
        if (row is null)
        {
            rows.Remove(key);
        }
        else
        {
            rows[key] = row;
        }
    }

    private void Truncate(SourceOffset at)
    {
        foreach (var key in rows.Keys.Where(key => !isVersioned || versions[key] < at).ToList())
        {
            rows.Remove(key);
        }
    }

    private bool IsNewer(WrittenChange change)
    {
        var version = VersionOf(change);
        return version > truncated && (change.Key is null || !versions.TryGetValue(change.Key, out var known) || version > known);
    }
}
