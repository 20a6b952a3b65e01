namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What a table would be downstream, and whether its changes came as they must.</summary>
internal sealed class Fold
{
    private readonly Dictionary<object, (string? Name, long Version)> rows = [];
    private readonly Dictionary<object, SourceOffset> offsets = [];

    internal int Reads { get; private set; }

    internal IReadOnlyDictionary<object, (string? Name, long Version)> Rows => rows;

    private bool checksVersions;

    internal static Fold Of(IEnumerable<Change<Item>> changes, bool checksVersions = true) =>
        Of(changes, item => (item.Id, item.Name, item.Version), checksVersions);

    internal static Fold Of(IEnumerable<Change<TextItem>> changes) => Of(changes, item => (item.Id, item.Name, item.Version));

    /// <summary>Of what came since a table was last emptied: a table that is read anew comes with offsets of its own.</summary>
    internal static Fold OfLastRead(List<Change<Item>> changes) =>
        Of(changes.Skip(changes.FindLastIndex(change => change.Operation == Operation.Truncate)));

    /// <summary>As the database has it: id, name, version.</summary>
    internal static async Task<IReadOnlyDictionary<string, (string? Name, long Version)>> TableAsync(TestDatabase database, string table = "item") =>
        (await database.QueryAsync($"SELECT id, name, version FROM {table}"))
            .ToDictionary(row => row[0]!, row => (row[1], long.Parse(row[2]!, System.Globalization.CultureInfo.InvariantCulture)));

    internal void AssertIs(IReadOnlyDictionary<string, (string? Name, long Version)> table) =>
        Assert.Equal(
            table.OrderBy(row => row.Key, StringComparer.Ordinal),
            rows.Select(row => KeyValuePair.Create(row.Key.ToString()!, row.Value)).OrderBy(row => row.Key, StringComparer.Ordinal));

    private static Fold Of<T>(IEnumerable<Change<T>> changes, Func<T, (object Key, string? Name, long Version)> columns, bool checksVersions = true)
        where T : class
    {
        var fold = new Fold { checksVersions = checksVersions };
        foreach (var change in changes)
        {
            fold.Apply(change, columns);
        }

        return fold;
    }

    private void Apply<T>(in Change<T> change, Func<T, (object Key, string? Name, long Version)> columns)
        where T : class
    {
        if (change.Operation == Operation.Truncate)
        {
            rows.Clear();
            return;
        }

        var (key, name, version) = columns(change.Row);
        var offset = change.Metadata.Offset;
        Assert.True(!offsets.TryGetValue(key, out var last) || last < offset, $"{change.Operation} of {key} at {offset} comes after {last}");
        offsets[key] = offset;
        switch (change.Operation)
        {
            case Operation.Delete:
                Assert.True(rows.Remove(key), $"{key} is deleted and was not there");
                break;
            case Operation.Update:
                Assert.True(rows.TryGetValue(key, out var old), $"{key} is updated and was not there");
                Assert.True(!checksVersions || version > old.Version, $"{key} went from version {old.Version} to {version}");
                rows[key] = (change.IsAvailable("Name") ? name : old.Name, version);
                break;
            default:
                Assert.True(rows.TryAdd(key, (name, version)), $"{key} comes with {change.Operation} and was there");
                Reads += change.Operation == Operation.SnapshotRead ? 1 : 0;
                break;
        }
    }
}
