using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

public class SnapshotTests(SharedServer shared)
{
    private const string CreateItems = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL);";

    [Fact]
    public async Task Table_is_read_in_chunks_while_it_changes_and_the_log_goes_on_from_there()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 5000) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 300 });
        await source.OpenAsync();

        await new Writer(database, seed: 1, keys: 5500).RunAsync(200);
        await source.ReadToMarkAsync(database);

        var fold = Fold.Of(source.Changes);
        fold.AssertIs(await Fold.TableAsync(database));
        Assert.InRange(fold.Reads, 4000, 5500);
    }

    [Fact]
    public async Task Crashes_at_any_round_give_every_key_its_right_final_value()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 3000) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 100 });
        await source.OpenAsync();
        var random = new Random(7);
        var writer = new Writer(database, seed: 2, keys: 3300);
        for (var crash = 0; crash < 12; crash++)
        {
            await writer.RunAsync(15);
            for (var round = random.Next(1, 8); round > 0; round--)
            {
                // A row of its own for each round, so that there is one to wait for also when the snapshot is over.
                await database.ExecuteAsync($"INSERT INTO item VALUES (10000 + (SELECT count(*) FROM item WHERE id >= 10000), 'late', 1)");
                await source.ReadAsync();
            }

            await source.CrashToAsync(source.Checkpoints.Count - 1 - random.Next(Math.Min(3, source.Checkpoints.Count)));
        }

        await source.ReadToMarkAsync(database);
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Theory]
    [InlineData("text COLLATE \"en-x-icu\"", "(ARRAY['a', 'B', 'c', 'Ä', 'z', 'Z', 'é', '-'])[1 + i % 8] || i")]
    [InlineData("text COLLATE \"C\"", "(ARRAY['a', 'B', 'c', 'Ä', 'z', 'Z', 'é', '𐀀'])[1 + i % 8] || i")]
    [InlineData("uuid", "md5(i::text)::uuid")]
    [InlineData("numeric", "(i * 1.5)::numeric")]
    [InlineData("timestamptz", "'2026-01-01 00:00:00Z'::timestamptz + i * interval '0.7 second'")]
    [InlineData("date", "'1990-01-01'::date + i")]
    [InlineData("bytea", "decode(md5(i::text), 'hex')")]
    [InlineData("integer", "i - 500")]
    [InlineData("inet", "'10.0.0.0'::inet + i")]
    [InlineData("character(12)", "i::text")]
    public async Task Any_key_type_is_cut_into_chunks_as_the_server_orders_it(string type, string value)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"CREATE TABLE item (id {type} PRIMARY KEY, name text, version bigint NOT NULL); "
            + $"INSERT INTO item SELECT {value}, 'name', i FROM generate_series(1, 1000) i WHERE i % 10 <> 0");
        await using var source = new SourceHarness<TextItem, TextItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { ChunkRows = 50, Slot = database.Name, SnapshotReaders = 3 });
        await source.OpenAsync();
        for (var batch = 0; batch < 10; batch++)
        {
            await database.ExecuteAsync(
                $"INSERT INTO item SELECT {value}, 'late', i FROM generate_series({batch * 100}, {(batch * 100) + 99}) i WHERE i % 10 = 0; "
                + $"UPDATE item SET version = version + 10000 WHERE version % 100 = {batch}; DELETE FROM item WHERE version % 97 = {batch}");
            await source.ReadAsync();
        }

        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("UPDATE item SET name = 'mark', version = 99999 WHERE version = (SELECT max(version) FROM item)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Name == "mark"));

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Text_keys_of_an_icu_database_are_found_while_they_change_whatever_its_lc_collate_says()
    {
        await (await shared.CreateAsync()).SkipBelowAsync(15, "databases of the ICU provider");
        var database = await shared.CreateAsync("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'");
        const string key = "(ARRAY['a', 'B', 'c', 'Ä', 'z', 'Z', 'é', '-'])[1 + i % 8] || i";
        await database.ExecuteAsync(
            $"CREATE TABLE item (id text PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item SELECT {key}, 'name', i FROM generate_series(1, 6000) i WHERE i % 10 <> 0");
        await using var source = new SourceHarness<TextItem, TextItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { ChunkRows = 200, Slot = database.Name, SnapshotReaders = 3 });
        await source.OpenAsync();
        for (var batch = 0; batch < 30; batch++)
        {
            await database.ExecuteAsync(
                $"INSERT INTO item SELECT {key}, 'late', i FROM generate_series({batch * 200}, {(batch * 200) + 199}) i WHERE i % 10 = 0; "
                + $"UPDATE item SET version = version + 10000 WHERE version % 100 = {batch}; DELETE FROM item WHERE version % 97 = {batch}");
            await source.ReadAsync();
        }

        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("UPDATE item SET name = 'mark', version = 99999 WHERE version = (SELECT max(version) FROM item)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Name == "mark"));

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Empty_table_is_complete_at_once()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = Source(database, new PostgresSourceAttribute("shop"));
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);

        await source.ReadToEndAsync();

        Assert.Empty(source.Changes);
        Assert.True(source.LastState!.Value.GetProperty("tables")[0].GetProperty("isComplete").GetBoolean());
    }

    [Fact]
    public async Task Wide_rows_split_chunks_and_nothing_is_lost()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{CreateItems} INSERT INTO item SELECT i, CASE WHEN i > 300 THEN repeat('x', 20000) ELSE 'x' END, i FROM generate_series(1, 500) i; ANALYZE item");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkBytes = 64 << 10 });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);

        await source.ReadToEndAsync();

        Assert.Equal(500, Fold.Of(source.Changes).Reads);
    }

    [Theory]
    [InlineData("PRIMARY KEY")]
    [InlineData("UNIQUE")] // no key: read in one pass
    public async Task Only_the_columns_of_the_row_type_are_copied(string constraint)
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["log_statement=all"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(
            $"CREATE TABLE item (photo bytea, id bigint {constraint}, name text, secret text, version bigint NOT NULL); ALTER TABLE item REPLICA IDENTITY FULL; INSERT INTO item VALUES (NULL, 1, 'one', 's', 1)");
        await using var source = Source(database, new PostgresSourceAttribute("shop"));
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        var copies = (await File.ReadAllLinesAsync(server.LogFile, TestContext.Current.CancellationToken)).Where(line => line.Contains("COPY (SELECT", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(copies);
        Assert.All(copies, copy => Assert.Contains("COPY (SELECT \"id\", \"name\", \"version\" FROM", copy, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ALTER TABLE item ALTER id TYPE integer")]
    [InlineData("ALTER TABLE item DROP CONSTRAINT item_pkey; ALTER TABLE item REPLICA IDENTITY FULL")]
    public async Task Table_whose_key_was_changed_inside_its_snapshot_begins_anew(string change)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 50000) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 100 });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 100);
        Assert.True(source.LastState!.Value.GetProperty("tables")[0].TryGetProperty("after", out _), "the snapshot was over too soon");
        await source.CloseAsync();
        await database.ExecuteAsync(change);

        await source.CrashAsync();
        await source.ReadToMarkAsync(database);

        Assert.Contains(source.Changes, change => change.Operation == Operation.Truncate);
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Partitions_are_read_as_their_root()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); "
            + "CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (500); CREATE TABLE item_2 PARTITION OF item FOR VALUES FROM (500) TO (100000); "
            + "INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 1000) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 100 });
        await source.OpenAsync();
        await new Writer(database, seed: 3, keys: 1000).RunAsync(50);

        await source.ReadToMarkAsync(database);
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Snapshot_only_ends_and_leaves_no_slot_behind()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 2000) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 200, Startup = Startup.SnapshotOnly });
        await source.OpenAsync();
        await source.ReadToEndAsync();
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));

        await source.ConfirmAsync();
        await source.CloseAsync();

        Assert.Empty(await database.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{database.Name}'"));
    }

    [Fact]
    public async Task Truncate_during_the_snapshot_empties_what_was_handed_over()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 5000) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 200 });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 0);
        await database.ExecuteAsync("TRUNCATE item; INSERT INTO item SELECT i, 'new', i FROM generate_series(1000, 4000, 500) i");

        await source.ReadToMarkAsync(database);
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Row_that_moves_ahead_without_its_large_value_is_where_it_can_be_taken_from()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{CreateItems} ALTER TABLE item ALTER name SET STORAGE EXTERNAL; INSERT INTO item SELECT i, repeat('x', 3000), 1 FROM generate_series(2, 2000, 2) i");
        await using var source = Source(database, new PostgresSourceAttribute("shop") { ChunkRows = 40, SnapshotReaders = 3 });
        await source.OpenAsync();
        for (var id = 2; id < 400; id += 2)
        {
            await database.ExecuteAsync($"UPDATE item SET id = {401 + (2 * (id / 2 * 37 % 800))}, version = 2 WHERE id = {id}");
            if (id % 16 == 0)
            {
                await source.ReadAsync();
            }
        }

        await source.ReadToMarkAsync(database);

        for (var i = 0; i < source.Changes.Count; i++)
        {
            var change = source.Changes[i];
            Assert.True(
                change.Operation != Operation.Insert || change.IsAvailable(nameof(Item.Name)) || source.Changes[i - 1].Operation == Operation.Delete,
                $"{change.After?.Id} comes without its name, and not from a row that is there");
        }
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database, PostgresSourceAttribute attribute)
    {
        attribute.Slot = database.Name;
        return new SourceHarness<Item, ItemCodec>(database.ConnectionString, attribute);
    }
}
