using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

public class LogTests(SharedServer shared)
{
    private const string CreateItems = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL);";

    // Text that does not compress and so is stored outside the row.
    private const string LargeText = "(SELECT string_agg(md5(i::text || random()::text), '') FROM generate_series(1, 400) i)";

    [Fact]
    public async Task Resume_inside_a_large_transaction_drops_exactly_what_was_delivered()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync(
            "BEGIN; INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 100000) i; UPDATE item SET version = version + 1000000 WHERE id % 10 = 0; COMMIT");
        var cut = 0;
        for (var crash = 0; crash < 3; crash++)
        {
            await source.ReadUntilAsync(() => source.Changes.Count > 25_000 * (crash + 1));
            Assert.True(source.LastState!.Value.TryGetProperty("inside", out _), "the transaction was not cut");
            cut++;
            await source.CrashAsync();
        }

        await source.ReadUntilAsync(() => source.Changes.Count >= 110_000);

        Assert.Equal(3, cut);
        Assert.Equal(Enumerable.Range(0, 110_000), source.Changes.Select(change => change.Metadata.Event));
        Assert.Equal(
            Enumerable.Range(1, 110_000).Select(number => new TransactionOrder(number, number)), source.Changes.Select(change => change.Metadata.Order));
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Changes_are_numbered_in_their_transaction_and_told_where_their_record_and_the_preceding_commit_lie()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems + "CREATE TABLE extra (LIKE item INCLUDING ALL); CREATE TABLE unread (LIKE item INCLUDING ALL);");
        await using var source = await LatestAsync(database, extra: "public.extra");
        await database.ExecuteAsync($"ALTER PUBLICATION {database.Name} ADD TABLE unread");
        await database.ExecuteAsync("INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1)");
        await database.ExecuteAsync(
            "BEGIN; INSERT INTO extra VALUES (1, 'x', 1); INSERT INTO unread VALUES (1, 'u', 1); UPDATE item SET id = 3 WHERE id = 1; DELETE FROM extra; DELETE FROM item WHERE id = 3; COMMIT");
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);
        await source.CrashToAsync(source.Checkpoints.Count - 1);
        await source.ReadUntilAsync(() => source.Changes.Count >= 7);

        var second = source.Changes.Skip(2).OrderBy(change => change.Metadata.Offset).ToList();
        Assert.Equal(
            [
                ("extra", new TransactionOrder(1, 1)), ("item", new(2, 1)), ("item", new(3, 2)), ("extra", new(4, 2)), ("item", new(5, 3)),
            ],
            second.Select(change => (change.Metadata.Table.Name, change.Metadata.Order)));
        Assert.Equal(second[1].Metadata.Detail, second[2].Metadata.Detail);
        Assert.Equal(4, second.Select(change => change.Metadata.Detail).Distinct().Count());
        Assert.Equal(second.Select(change => change.Metadata.Detail).Order(), second.Select(change => change.Metadata.Detail));
        Assert.All(second, change => Assert.InRange(change.Metadata.Detail, change.Metadata.Origin.Transaction.PrecedingCommit!.Value, change.Metadata.Origin.Transaction.Place - 1));

        var first = source.Changes[0].Metadata;
        Assert.InRange(first.Origin.Transaction.PrecedingCommit ?? 0, 0ul, first.Detail); // servers before 15 send transactions without a row, too
        Assert.Single(second.Select(change => change.Metadata.Origin.Transaction).Distinct()); // one object for both tables
        Assert.Equal(new Replication.Lsn(first.Detail).ToString(), first.Origin.Transaction.Describe(first.Detail));
        Assert.InRange(second[0].Metadata.Origin.Transaction.PrecedingCommit!.Value, first.Origin.Transaction.Place + 1, second[0].Metadata.Detail);
    }

    [Fact]
    public async Task Changes_name_the_kind_of_source_and_the_database()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count >= 1);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 2)");
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);

        Assert.Equal([Operation.SnapshotRead, Operation.Insert], source.Changes.Select(change => change.Operation));
        Assert.All(source.Changes, change => Assert.Equal(("postgresql", database.Name), (change.Metadata.Origin.Table.Connector, change.Metadata.Origin.Table.Database)));
    }

    [Fact]
    public async Task Small_transactions_are_never_cut()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await LatestAsync(database);
        for (var i = 0; i < 20; i++)
        {
            await database.ExecuteAsync($"INSERT INTO item SELECT i, 'name', i FROM generate_series({i * 700}, {(i * 700) + 699}) i");
        }

        await source.ReadUntilAsync(() => source.Changes.Count >= 14_000);

        Assert.All(source.Checkpoints, checkpoint => Assert.Equal(0, checkpoint.Changes % 700));
        Assert.True(source.Checkpoints.Count > 5, "all came in a few huge rounds");
    }

    [Fact]
    public async Task Update_of_the_key_is_a_delete_and_an_insert_of_one_event()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("UPDATE item SET id = 2, version = 2 WHERE id = 1");

        await source.ReadUntilAsync(() => source.Changes.Count >= 2);

        var (delete, insert) = (source.Changes[0], source.Changes[1]);
        Assert.Equal((Operation.Delete, BeforeState.KeyOnly, 1L), (delete.Operation, delete.BeforeState, delete.Before!.Id));
        Assert.Equal((Operation.Insert, 2L, "one"), (insert.Operation, insert.After!.Id, insert.After.Name));
        Assert.Equal((0, 0, 0, 1), (delete.Metadata.Event, (int)delete.Metadata.Row, insert.Metadata.Event, (int)insert.Metadata.Row));
    }

    [Theory]
    [InlineData("DEFAULT", BeforeState.Absent, BeforeState.KeyOnly, false)]
    [InlineData("FULL", BeforeState.Full, BeforeState.Full, true)]
    [InlineData("USING INDEX item_other", BeforeState.Absent, BeforeState.KeyOnly, false)]
    public async Task Old_rows_and_untouched_columns_are_what_the_replica_identity_gives(
        string identity, BeforeState ofUpdate, BeforeState ofDelete, bool isNameAvailable)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} CREATE UNIQUE INDEX item_other ON item (id); ALTER TABLE item REPLICA IDENTITY {identity}; INSERT INTO item VALUES (1, {LargeText}, 1)");
        var name = (await Fold.TableAsync(database))["1"].Name;
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("UPDATE item SET version = 2; DELETE FROM item");

        await source.ReadUntilAsync(() => source.Changes.Count >= 2);

        var (update, delete) = (source.Changes[0], source.Changes[1]);
        Assert.Equal((Operation.Update, ofUpdate), (update.Operation, update.BeforeState));
        Assert.Equal(isNameAvailable, update.IsAvailable(nameof(Item.Name)));
        Assert.Equal(isNameAvailable ? name : null, update.After!.Name);
        Assert.Equal((Operation.Delete, ofDelete, 1L), (delete.Operation, delete.BeforeState, delete.Before!.Id));
    }

    [Fact]
    public async Task Changed_columns_are_an_element_in_order_and_part_of_the_state()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (1, 'before', 1); ALTER TABLE item ADD COLUMN extra numeric(10,2); INSERT INTO item VALUES (2, 'after', 1, 5)");
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);

        var change = Assert.Single(source.SchemaChanges);
        Assert.Equal(["id bigint", "name text", "version bigint"], change.Before.Columns.Select(column => column.ToString()));
        Assert.Equal(["id bigint", "name text", "version bigint", "extra numeric(10,2)"], change.After.Columns.Select(column => column.ToString()));

        await source.CrashAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (3, 'again', 1, 5)");
        await source.ReadUntilAsync(() => source.Changes.Count >= 3);
        Assert.Single(source.SchemaChanges);
    }

    [Fact]
    public async Task Position_moves_and_is_confirmed_while_the_table_is_idle()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} CREATE TABLE other (id bigint)");
        await using var source = await LatestAsync(database, heartbeatSeconds: 1);
        await source.ReadAsync();
        await database.ExecuteAsync("INSERT INTO other SELECT i FROM generate_series(1, 10000) i");
        var end = (await database.QueryAsync("SELECT pg_current_wal_lsn()"))[0][0]!;

        // Either the log's own end is reported in a keepalive, or the next heartbeat asks for one.
        await source.ReadUntilAsync(() => Replication.Lsn.Parse(source.LastState!.Value.GetProperty("resumeAt").GetString()!) >= Replication.Lsn.Parse(end));
        await source.ConfirmAsync();

        Assert.Empty(source.Changes);
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        var confirmed = (await database.QueryAsync($"SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '{database.Name}'"))[0][0]!;
        Assert.True(Replication.Lsn.Parse(confirmed) >= Replication.Lsn.Parse(end), $"{confirmed} is before {end}");
    }

    [Fact]
    public async Task Slot_is_never_confirmed_past_a_committed_state()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await LatestAsync(database);
        await source.ReadAsync();
        var first = source.LastState!.Value.GetProperty("resumeAt").GetString()!;
        await database.ExecuteAsync("INSERT INTO item SELECT i, 'name', i FROM generate_series(1, 1000) i");
        await source.ReadUntilAsync(() => source.Changes.Count >= 1000);
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);

        var confirmed = (await database.QueryAsync($"SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '{database.Name}'"))[0][0]!;
        Assert.Equal(Replication.Lsn.Parse(first), Replication.Lsn.Parse(confirmed));
    }

    [Fact]
    public async Task Caught_up_run_ends_and_the_next_goes_on_from_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        Assert.Single(source.Changes);

        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        await source.CrashAsync(Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal([Operation.SnapshotRead, Operation.Insert], source.Changes.Select(change => change.Operation));
    }

    [Fact]
    public async Task Rolled_back_work_never_comes_even_out_of_a_transaction_that_was_streamed()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync(
            "BEGIN; INSERT INTO item SELECT i, repeat('x', 200), 1 FROM generate_series(1, 50000) i; SAVEPOINT s; INSERT INTO item VALUES (60000, 'no', 1); ROLLBACK TO s; COMMIT");
        await database.ExecuteAsync("BEGIN; INSERT INTO item VALUES (60001, 'no', 1); ROLLBACK");
        await database.ExecuteAsync("INSERT INTO item VALUES (60002, 'yes', 1)");

        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 60002));

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20_000)] // streamed while in progress, and cut
    public async Task Logical_messages_are_no_changes_and_rows_around_them_come_once(int rows)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync(
            $"BEGIN; SELECT pg_logical_emit_message(true, 'app', 'first'); INSERT INTO item SELECT i, 'name', 1 FROM generate_series(1, {rows}) i; "
            + "SELECT pg_logical_emit_message(true, 'app', repeat('m', 100000)); SELECT pg_logical_emit_message(false, 'app', 'at once'); "
            + "UPDATE item SET version = 2; SELECT pg_logical_emit_message(true, 'app', 'last'); COMMIT");
        await database.ExecuteAsync("SELECT pg_logical_emit_message(false, 'app', 'alone'); SELECT pg_logical_emit_message(true, 'app', 'transaction of its own')");
        await source.ReadUntilAsync(() => source.Changes.Count > rows);
        await source.CrashAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (99999, 'mark', 1)");

        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 99999));

        Assert.Equal(Enumerable.Range(0, 2 * rows).Append(0), source.Changes.Select(change => change.Metadata.Event));
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Committed_startup_goes_on_from_an_existing_slot()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{CreateItems} INSERT INTO item VALUES (1, 'before', 1); CREATE PUBLICATION {database.Name} FOR TABLE item");
        await database.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{database.Name}', 'pgoutput')");
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'after', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Committed });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal([2L], source.Changes.Select(change => change.After!.Id));
    }

    [Fact]
    public async Task Table_added_later_gets_its_own_snapshot_and_the_old_one_goes_on()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item VALUES (1, 'one', 1); CREATE TABLE second (LIKE item INCLUDING ALL); INSERT INTO second VALUES (7, 'seven', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");

        source.ExtraTable = "second";
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal(
            [(Operation.SnapshotRead, 1L), (Operation.Insert, 2L), (Operation.SnapshotRead, 7L)],
            source.Changes.Select(change => (change.Operation, change.After!.Id)).OrderBy(change => change.Id));
    }

    private static async Task<SourceHarness<Item, ItemCodec>> LatestAsync(TestDatabase database, int heartbeatSeconds = 10, string? extra = null)
    {
        var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString,
            new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest, HeartbeatSeconds = heartbeatSeconds })
        {
            ExtraTable = extra,
        };
        await source.OpenAsync();
        return source;
    }
}
