using CdcFlow.Batches;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Tables without a key: one pass over ranges of blocks, in one snapshot.</summary>
public class KeylessTests(SharedServer shared)
{
    // No key for the source; the index lets tests tell rows apart.
    private const string CreateItems = "CREATE TABLE item (id bigint UNIQUE, name text, version bigint NOT NULL); ALTER TABLE item REPLICA IDENTITY FULL;";

    [Fact]
    public async Task Changes_during_the_pass_come_once_each()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 30000) i");
        await using var source = Source(database, readers: 3, chunkRows: 500);
        await source.OpenAsync();
        var writing = new Writer(database, seed: 5, keys: 33000).RunAsync(100);
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await writing;

        await source.ReadToMarkAsync(database);

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task All_ranges_show_one_moment()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name', 1 FROM generate_series(1, 20000) i");
        await using var source = Source(database, readers: 3, chunkRows: 200);
        await source.OpenAsync();
        for (var version = 2; version < 8; version++)
        {
            await database.ExecuteAsync($"UPDATE item SET version = {version}");
            for (var round = 0; round < 5; round++)
            {
                await source.ReadAsync();
            }
        }

        await source.ReadToMarkAsync(database);

        Assert.Single(source.Changes.Where(change => change.Operation == Operation.SnapshotRead).Select(change => change.After!.Version).Distinct());
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Range_is_read_without_a_scan_of_the_table()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(14, "a TID range scan");
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name', 1 FROM generate_series(1, 20000) i");
        using var connection = Connect(database);
        var table = TableCatalog.Find(connection, new TableId("public", "item"))!;
        var copy = new PassSql(table, new BoundForm(table, table.Columns.Select(column => column.Name).ToHashSet())).Copy("id", new BlockRange(16, 32));
        var select = copy[(copy.IndexOf('(', StringComparison.Ordinal) + 1)..copy.LastIndexOf(") TO", StringComparison.Ordinal)];

        Assert.Contains("Tid Range Scan", (await database.QueryAsync($"EXPLAIN {select}"))[0][0], StringComparison.Ordinal);
        Assert.Equal("20000", connection.Query($"{new PassSql(table, new BoundForm(table, table.Columns.Select(column => column.Name).ToHashSet())).Begin(connection.ServerVersion)}; SELECT count(*) FROM public.item").Scalar);
    }

    [Fact]
    public async Task Wide_rows_take_no_more_memory_than_the_budget()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} ALTER TABLE item ALTER name SET STORAGE EXTERNAL; INSERT INTO item SELECT i, repeat('x', 100000), i FROM generate_series(1, 300) i");
        await using var source = Source(database, readers: 3, budget: 4 << 20);
        await source.OpenAsync();
        await database.ExecuteAsync("UPDATE item SET version = version + 1000 WHERE id % 10 = 0");
        var used = 0L;
        await source.ReadUntilAsync(() => (used = Math.Max(used, source.Budget.UsedBytes)) >= 0 && source.HasWholeSnapshot);
        await source.ReadToMarkAsync(database);

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.InRange(used, 1, source.Budget.LimitBytes);
    }

    [Fact]
    public async Task Large_transaction_waits_in_the_log_while_the_pass_is_handed_over()
    {
        const int rows = 40_000;
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{CreateItems} INSERT INTO item SELECT i, repeat('x', 200), 1 FROM generate_series(1, {rows}) i; ALTER DATABASE {database.Name} SET logical_decoding_work_mem = '1GB'");
        await using var source = Source(database, budget: 4 << 20);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 0);
        await database.ExecuteAsync("UPDATE item SET version = 2");
        while ((await database.QueryAsync("SELECT FROM pg_stat_activity WHERE wait_event = 'WalSenderWriteData' AND datname = current_database()")).Count == 0)
        {
            // Until the log has come as far as it can, while nobody takes the rows of the pass.
        }

        await source.ReadToMarkAsync(database);

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.Equal(rows, source.Changes.Count(change => change.Operation == Operation.SnapshotRead));
        var during = source.Checkpoints.Where(checkpoint => !checkpoint.State.GetProperty("tables")[0].GetProperty("isComplete").GetBoolean())
            .Select(checkpoint => checkpoint.State.TryGetProperty("inside", out var inside) ? inside.GetProperty("event").GetInt32() : 0).ToArray();

        // Sent whole at its commit, not streamed and put aside. 256 KiB of the budget are for a window, and each change takes a kilobyte or so.
        Assert.InRange(during.Max(), 1, 1000);
    }

    [Fact]
    public async Task Truncate_that_waits_for_the_pass_does_not_stop_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, repeat('x', 500), i FROM generate_series(1, 30000) i");
        await using var source = Source(database, readers: 4, chunkRows: 200);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 0);
        var truncating = database.ExecuteAsync("TRUNCATE item; INSERT INTO item VALUES (7, 'new', 1)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.Operation == Operation.Truncate));
        await truncating;

        await source.ReadToMarkAsync(database);
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Pass_begins_anew_after_a_crash_inside_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, repeat('x', 500), i FROM generate_series(1, 30000) i");
        await using var source = Source(database);
        await source.OpenAsync();
        for (var crash = 0; crash < 3; crash++)
        {
            await source.ReadUntilAsync(() => source.Changes.Count > 5000 * crash && source.Changes[^1].Operation == Operation.SnapshotRead);
            Assert.False(source.LastState!.Value.GetProperty("tables")[0].GetProperty("isComplete").GetBoolean(), "the table is too small to be cut");
            await source.CrashAsync();

            // Moves rows to other blocks, between the runs and while one reads.
            await database.ExecuteAsync("UPDATE item SET version = version + 100000 WHERE id % 3 = 0; DELETE FROM item WHERE id % 1000 = 0");
        }

        await source.ReadToMarkAsync(database);

        Assert.Equal(3, source.Changes.Count(change => change.Operation == Operation.Truncate));
        Assert.Equal(3, source.Log.Lines.Count(line => line.StartsWith(PostgresSourceErrorCodes.ReadAnew, StringComparison.Ordinal) && line.Contains("has no key", StringComparison.Ordinal)));
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Partitions_of_any_size_are_read_once()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint, name text, version bigint NOT NULL) PARTITION BY RANGE (id); CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (500); "
            + "CREATE TABLE item_2 PARTITION OF item FOR VALUES FROM (500) TO (100000) PARTITION BY RANGE (id); CREATE TABLE item_3 PARTITION OF item_2 FOR VALUES FROM (500) TO (100000); "
            + "ALTER TABLE item_1 REPLICA IDENTITY FULL; ALTER TABLE item_3 REPLICA IDENTITY FULL; INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 20000) i");
        await using var source = Source(database, readers: 3, chunkRows: 300);
        await source.OpenAsync();
        await database.ExecuteAsync("UPDATE item SET version = version + 100000 WHERE id % 7 = 0");

        await source.ReadToMarkAsync(database);
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Tables_that_inherit_are_no_part_of_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{CreateItems} CREATE TABLE child () INHERITS (item); ALTER TABLE child REPLICA IDENTITY FULL; INSERT INTO item VALUES (1, 'own', 1); INSERT INTO child VALUES (2, 'child', 1)");
        await using var source = Source(database);
        await source.OpenAsync();
        await database.ExecuteAsync("INSERT INTO child VALUES (3, 'child', 1)");
        await source.ReadToMarkAsync(database);

        Assert.Equal([1L, 99999L], source.Changes.Select(change => change.After!.Id));
        Assert.Equal("item", Assert.Single(await database.QueryAsync($"SELECT tablename FROM pg_publication_tables WHERE pubname = '{database.Name}'"))[0]);
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database, int readers = 2, int chunkRows = 65_536, long budget = 64 << 20) => new(
        database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, SnapshotReaders = readers, ChunkRows = chunkRows })
    { Budget = new MemoryBudget(budget) };

    private static PostgresConnection Connect(TestDatabase database) =>
        PostgresConnection.Open(PostgresConnectionSettings.Parse(database.ConnectionString), SessionKind.Sql, TestContext.Current.CancellationToken);
}
