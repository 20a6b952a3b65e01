namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Rows that change their key while their table is handed over, without their large value: each value comes to where its row ends up.</summary>
public class ReselectionTests(SharedServer shared)
{
    private const int Rows = 500;

    [Fact]
    public async Task Row_that_moves_to_where_the_snapshot_was_brings_its_large_value()
    {
        var (database, source) = await BeginAsync("bigint");
        await using var running = source;
        await source.ReadUntilAsync(() => source.Changes.Count > 20);
        await database.ExecuteAsync($"UPDATE item SET id = 1, version = 2 WHERE id = {2 * Rows}");

        await source.ReadToMarkAsync(database);

        var moved = Assert.Single(source.Changes, change => change.Operation == Operation.Insert && change.After!.Id == 1);
        Assert.True(moved.IsAvailable(nameof(Item.Name)), "The value is nowhere downstream.");
        Assert.Equal(await TableAsync(database), Downstream(source.Changes));
    }

    [Theory]
    [InlineData("bigint", 1)]
    [InlineData("bigint", 2)]
    [InlineData("bigint", 3)]
    [InlineData("number", 4)] // compared by the server alone
    public async Task Every_value_follows_its_row_through_keys_that_others_had(string type, int seed)
    {
        var random = new Random(seed);
        var (database, source) = await BeginAsync(type);
        await using var running = source;
        await source.ReadUntilAsync(() => source.Changes.Count > 20);
        for (int crashes = 0, written = 0; !source.HasWholeSnapshot;)
        {
            // The log is some transactions behind the table, and each row goes through keys of others.
            for (var transaction = random.Next(3); transaction >= 0 && written < 150; transaction--)
            {
                written++;
                await database.ExecuteAsync(Transaction(random));
            }

            await source.ReadAsync();
            if (crashes < 4 && random.Next(5) == 0)
            {
                crashes++;
                await source.CrashAsync();
            }
        }

        await source.ReadToMarkAsync(database);

        var (expected, actual) = (await TableAsync(database), Downstream(source.Changes));
        var other = expected.Except(actual).Concat(actual.Except(expected)).Select(row => row.Key).ToHashSet();
        Assert.True(other.Count == 0, string.Join("\n", other.Select(id => $"{id}: {Short(expected, id)} is {Short(actual, id)}; {string.Join(", ", source.Changes.Where(change => change.Row.Id == id).Select(Describe))}")));
    }

    private static string Short(SortedDictionary<long, string> rows, long id) => rows.TryGetValue(id, out var row) ? row[..Math.Min(8, row.Length)] : "none";

    private static string Describe(Change<Item> change) =>
        $"{change.Operation} at {change.Metadata.Offset} of {change.Row.Version} {(change.Operation != Operation.Delete && change.IsAvailable(nameof(Item.Name)) ? change.After!.Name![..6] : "without")}";

    private static string Transaction(Random random)
    {
        var moves = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            (random.Next(10), random.Next(1, 2 * Rows + 2), random.Next(1, 2 * Rows + 2)) switch
            {
                (0, var id, _) => $"DELETE FROM item WHERE id = {id}",
                (1, var id, _) => $"UPDATE item SET name = repeat(md5('{random.Next()}'), 100), version = version + 1 WHERE id = {id}",
                (2, var id, _) => $"UPDATE item SET version = version + 1 WHERE id = {id}",
                (_, var from, var to) =>
                    $"UPDATE item SET id = {to}, version = version + 1 WHERE id = (SELECT min(id) FROM item WHERE id >= {from}) AND NOT EXISTS (SELECT FROM item WHERE id = {to})",
            });
        return $"BEGIN; {string.Join("; SAVEPOINT s; ", moves)}; COMMIT";
    }

    private async Task<(TestDatabase Database, SourceHarness<Item, ItemCodec> Source)> BeginAsync(string type)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"CREATE DOMAIN number AS bigint; CREATE TABLE item (id {type} PRIMARY KEY, name text, version bigint NOT NULL); ALTER TABLE item ALTER name SET STORAGE EXTERNAL; "
            + $"INSERT INTO item SELECT 2 * i, repeat(md5(i::text), 100), 1 FROM generate_series(1, {Rows}) i");
        var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 20, SnapshotReaders = 2 });
        await source.OpenAsync();
        return (database, source);
    }

    private static async Task<SortedDictionary<long, string>> TableAsync(TestDatabase database) =>
        new((await Fold.TableAsync(database)).ToDictionary(row => long.Parse(row.Key, System.Globalization.CultureInfo.InvariantCulture), row => $"{row.Value.Version} {row.Value.Name}"));

    // As a sink that keeps what a row has not: also under the row's new key.
    private static SortedDictionary<long, string> Downstream(IReadOnlyList<Change<Item>> changes)
    {
        var rows = new Dictionary<long, (string? Name, long Version)>();
        var left = (Event: default(SourceOffset), Name: (string?)null);
        foreach (var change in changes)
        {
            var id = change.Row.Id;
            var known = rows.GetValueOrDefault(id).Name ?? (IsSameEvent(left.Event, change.Metadata.Offset) ? left.Name : null);
            if (change.Operation == Operation.Delete)
            {
                left = (change.Metadata.Offset, known);
                rows.Remove(id);
            }
            else
            {
                rows[id] = (change.IsAvailable(nameof(Item.Name)) ? change.After!.Name : known, change.After!.Version);
            }
        }

        return new(rows.ToDictionary(row => row.Key, row => $"{row.Value.Version} {row.Value.Name}"));
    }

    private static bool IsSameEvent(SourceOffset left, SourceOffset right) => left.Transaction == right.Transaction && left.Event == right.Event;
}
