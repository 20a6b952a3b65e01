using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Columns that are altered, added or renamed while they are read, or while the log that has them is not read yet.</summary>
public class AlteredColumnTests(SharedServer shared)
{
    [Fact, Trait("WayOut", "CDCF4056")]
    public async Task Type_altered_while_the_table_is_read_is_bound_anew()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, extra int); INSERT INTO item SELECT n, 'n', n % 100 FROM generate_series(1, 20000) n");
        await using var source = new SourceHarness<Wide, WideCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 100 });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 0);
        var altering = database.ExecuteAsync("ALTER TABLE item ALTER extra TYPE real; UPDATE item SET extra = extra + 0.5 WHERE id % 100 = 1");

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => source.HasWholeSnapshot));
        Assert.Equal((PostgresSourceErrorCodes.ColumnsChanged, true), (error.Code, error.IsTransient));
        await altering;
        await source.CrashAsync(Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal(await WideSchema.TableAsync(database), WideSchema.Fold(source.Changes));
    }

    [Fact]
    public async Task Type_altered_while_the_table_is_read_again_begins_it_anew()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, extra int); INSERT INTO item SELECT n, 'n', n % 100 FROM generate_series(1, 20000) n");
        await using var source = new SourceHarness<Wide, WideCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 100 });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        var before = source.Changes.Count;
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        source.Resnapshot = new ResnapshotRequest("1", ["item"], Lost: false);
        await source.OpenAsync(source.LastState);
        await source.ReadUntilAsync(() => source.Changes.Skip(before).Any(change => change.Operation == Operation.SnapshotRead));
        var altering = database.ExecuteAsync("ALTER TABLE item ALTER extra TYPE real USING extra + 0.5");

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => source.HasWholeSnapshot));
        Assert.Equal(PostgresSourceErrorCodes.ColumnsChanged, error.Code);
        await altering;
        await source.CrashAsync(Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal(await WideSchema.TableAsync(database), WideSchema.Fold(source.Changes));
    }

    [Fact]
    public async Task Type_altered_by_a_transaction_that_is_open_at_the_start_is_bound_as_it_becomes()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, extra int); INSERT INTO item SELECT n, 'n', n % 100 FROM generate_series(1, 2000) n");
        await using var other = await database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var alter = other.CreateCommand())
        {
            alter.CommandText = "ALTER TABLE item ALTER extra TYPE real";
            await alter.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var source = new SourceHarness<Wide, WideCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        var opening = source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        while ((await database.QueryAsync("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).Count == 0)
        {
        }

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await opening;
        try
        {
            await source.ReadToEndAsync();
        }
        catch (CdcFlowException e) when (e.Code == PostgresSourceErrorCodes.ColumnsChanged)
        {
            await source.CrashAsync(Boundedness.UntilCaughtUp);
            await source.ReadToEndAsync();
        }

        Assert.Equal(await WideSchema.TableAsync(database), WideSchema.Fold(source.Changes));
    }

    [Fact, Trait("WayOut", "CDCF4059")]
    public async Task Column_deployed_with_its_migration_is_null_in_what_the_log_has_from_before_and_that_is_said()
    {
        var database = await shared.CreateAsync();
        await using var source = await MigratedAsync<WideCodec>(database);

        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal(["1,one,", "2,before,", "3,after,7"], WideSchema.Fold(source.Changes));
        var lines = source.Log.Lines.Where(line => line.StartsWith(PostgresSourceErrorCodes.ColumnLacking, StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Contains("run --resnapshot public.item", lines[1], StringComparison.Ordinal);

        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        source.Resnapshot = new ResnapshotRequest("1", ["public.item"], Lost: false);
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        Assert.Equal(await WideSchema.TableAsync(database), WideSchema.Fold(source.Changes));
    }

    [Theory, Trait("WayOut", "CDCF4058")]
    [InlineData("run --resnapshot public.item")]
    [InlineData("make Wide.Extra nullable")]
    [InlineData("run the program without it until the log is read")]
    public async Task Column_that_takes_no_null_and_is_not_in_the_log_stops_and_each_way_of_the_message_goes_on(string way)
    {
        var database = await shared.CreateAsync();
        await using var source = await MigratedAsync<StrictWideCodec>(database);

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.ColumnNotInLog);
        Assert.Contains(way, error.Fix, StringComparison.Ordinal);
        if (way.StartsWith("run --resnapshot", StringComparison.Ordinal))
        {
            await source.RunResnapshotAsync("public.item");
            Assert.Equal(await WideSchema.TableAsync(database), WideSchema.Fold(source.Changes));
        }
        else if (way.StartsWith("make", StringComparison.Ordinal))
        {
            await using var nullable = WayOut.Of<Wide, WideCodec>(database);
            nullable.Checkpoints.AddRange(source.Checkpoints);
            await nullable.RunAsync();
            source.Checkpoints[^1] = nullable.Checkpoints[^1];
        }
        else
        {
            await using var before = WayOut.ItemsOf(database);
            before.Checkpoints.AddRange(source.Checkpoints);
            await before.RunAsync();
            source.Checkpoints[^1] = before.Checkpoints[^1];
        }

        await database.ExecuteAsync("INSERT INTO item VALUES (4, 'goes on', 1, 8)");
        await source.RunAsync();
        Assert.Equal("4,goes on,8", WideSchema.Fold(source.Changes).Last());
    }

    [Fact]
    public async Task Column_renamed_with_unread_changes_before_it_is_read_under_either_name()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, surplus float8, version bigint NOT NULL DEFAULT 1); INSERT INTO item VALUES (1, 'one', 1)");
        await using var before = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await before.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await before.ReadToEndAsync();
        await before.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'before', 2); UPDATE item SET surplus = 1.5 WHERE id = 1");
        await database.ExecuteAsync("ALTER TABLE item RENAME surplus TO extra; INSERT INTO item VALUES (3, 'after', 3)");
        await database.SlotIsFreeAsync(database.Name);

        await using var source = new SourceHarness<Wide, StrictWideCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync(before.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal(await WideSchema.TableAsync(database), WideSchema.Fold(source.Changes));
    }

    [Fact]
    public async Task Column_renamed_while_the_source_runs_goes_on_under_its_number()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, extra float8); INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Wide, StrictWideCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("ALTER TABLE item RENAME extra TO surplus; INSERT INTO item VALUES (2, 'two', 2)");
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);

        Assert.Equal(await WideSchema.TableAsync(database, "id, name, surplus"), WideSchema.Fold(source.Changes));
    }

    /// <summary>Read by the program of before the migration, then written before and after it.</summary>
    private static async Task<SourceHarness<Wide, TCodec>> MigratedAsync<TCodec>(TestDatabase database)
        where TCodec : struct, CdcFlow.Rows.IRowCodec<Wide>
    {
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL DEFAULT 1); INSERT INTO item VALUES (1, 'one', 1)");
        await using var before = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await before.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await before.ReadToEndAsync();
        await before.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'before', 1); UPDATE item SET version = 2 WHERE id = 1");
        await database.ExecuteAsync("ALTER TABLE item ADD COLUMN extra float8 NOT NULL DEFAULT 5; INSERT INTO item VALUES (3, 'after', 1, 7)");
        await database.SlotIsFreeAsync(database.Name);
        var source = new SourceHarness<Wide, TCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        source.Checkpoints.Add((0, before.LastState!.Value));
        return source;
    }
}
