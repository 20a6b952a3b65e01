using System.Text.Json;
using CdcFlow.TestServers;
using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Each way in which the log since the checkpoint can be lost, and the way on that its error names.</summary>
public class LostPositionTests(SharedServer shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("WayOut", "CDCF4040"), Trait("WayOut", "CDCF4042"), Trait("WayOut", "CDCF4053"), Trait("WayOut", "CDCF4055")]
    [InlineData("SELECT pg_drop_replication_slot('{0}')", PostgresSourceErrorCodes.SlotMissing, "--resnapshot lost")]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_logical_replication_slot('{0}', 'pgoutput')", PostgresSourceErrorCodes.SlotAhead, "new checkpoint folder")]
    [InlineData("SELECT pg_replication_slot_advance('{0}', pg_current_wal_lsn())", PostgresSourceErrorCodes.SlotAhead, "Startup = Startup.WhenNeeded")]
    [InlineData("DROP TABLE item; " + CreateItem + " INSERT INTO item VALUES (7, 'new', 1)", PostgresSourceErrorCodes.OtherTable, "--resnapshot lost")]
    [InlineData("CREATE TABLE fresh (LIKE item INCLUDING ALL); ALTER TABLE item RENAME TO old; ALTER TABLE fresh RENAME TO item", PostgresSourceErrorCodes.OtherTable, "Startup = Startup.WhenNeeded")]
    [InlineData("DROP PUBLICATION {0}", PostgresSourceErrorCodes.PublicationGap, "--resnapshot lost")]
    [InlineData("ALTER PUBLICATION {0} SET (publish = 'insert'); UPDATE item SET version = 9; ALTER PUBLICATION {0} SET (publish = 'insert, update, delete, truncate')", PostgresSourceErrorCodes.PublicationGap, "new checkpoint folder")]
    public async Task Tables_are_read_anew_by_each_of_the_ways_that_the_message_names(string damage, string code, string way)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1)");
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("DELETE FROM item WHERE id = 1; INSERT INTO item VALUES (3, 'lost', 1)");
        foreach (var statement in damage.Replace("{0}", database.Name, StringComparison.Ordinal).Split("; "))
        {
            await database.ExecuteAsync(statement);
        }

        var error = await source.StopsTwiceAsync(code);
        Assert.Contains(way, error.Fix, StringComparison.Ordinal);
        await TakeAsync(source, way);
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4053")]
    public async Task Table_that_was_read_gets_its_name_back_and_is_gone_on_with()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("CREATE TABLE fresh (LIKE item INCLUDING ALL); ALTER TABLE item RENAME TO old; ALTER TABLE fresh RENAME TO item; INSERT INTO old VALUES (2, 'old', 1)");
        Assert.Contains("give it its own back", (await source.StopsTwiceAsync(PostgresSourceErrorCodes.OtherTable)).Fix, StringComparison.Ordinal);

        await database.ExecuteAsync("ALTER TABLE item RENAME TO fresh; ALTER TABLE old RENAME TO item");
        await source.AssertGoesOnAsync(database);
        Assert.DoesNotContain(source.Changes, change => change.Operation == Operation.Truncate);
    }

    [Fact, Trait("WayOut", "CDCF4041")]
    public async Task Log_that_the_server_has_thrown_away_is_left_by_reading_anew()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["max_slot_wal_keep_size=1MB", "min_wal_size=32MB", "max_wal_size=32MB"], Cancellation);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); CREATE TABLE filler (t text)");
        foreach (var way in (string[])["--resnapshot lost", "Startup = Startup.WhenNeeded"])
        {
            await using var source = await FinishedAsync(database);
            await database.ExecuteAsync($"DELETE FROM item WHERE id = 1; INSERT INTO item VALUES ({way.Length}, 'lost', 1)");
            while ((await database.QueryAsync("SELECT FROM pg_replication_slots WHERE wal_status = 'lost'")).Count == 0)
            {
                await database.ExecuteAsync("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 2000)");
                await database.ExecuteAsync("SELECT pg_switch_wal()");
                await database.ExecuteAsync("CHECKPOINT");
            }

            var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.SlotLost);
            Assert.Contains(way, error.Fix, StringComparison.Ordinal);
            await TakeAsync(source, way);
            await source.AssertGoesOnAsync(database);
            await database.ExecuteAsync("DELETE FROM item WHERE id = 900001");
        }
    }

    [Fact, Trait("WayOut", "CDCF4043")]
    public async Task Checkpoint_of_another_server_goes_on_there_or_is_left_by_reading_anew_here()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        var (old, database) = (await shared.CreateAsync(), new TestDatabase(server, "app"));
        await old.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (2, 'two', 1)");
        await using var before = await FinishedAsync(old);
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = old.Name });
        source.Changes.AddRange(before.Changes);
        source.Checkpoints.AddRange(before.Checkpoints);

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.OtherServer);

        Assert.StartsWith("Point the connection string at the old server.", error.Fix, StringComparison.Ordinal);
        await before.AssertGoesOnAsync(old);
        await TakeAsync(source, "--resnapshot lost");
        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4046")]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_physical_replication_slot('{0}')")]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_logical_replication_slot('{0}', 'test_decoding')")]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_logical_replication_slot('{0}', 'pgoutput', false, true)")]
    public async Task Slot_that_is_not_this_source_s_is_left_for_one_of_another_name(string damage)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(14, "a slot for two-phase commit");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        foreach (var statement in damage.Replace("{0}", database.Name, StringComparison.Ordinal).Split("; "))
        {
            await database.ExecuteAsync(statement);
        }

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.SlotForeign);
        Assert.Contains("set Slot to another name", error.Fix, StringComparison.Ordinal);
        source.Configuration["Slot"] = database.Name + "_own";

        // The checkpoint belongs to the slot that is gone.
        var then = await source.StopsTwiceAsync(PostgresSourceErrorCodes.SlotMissing);
        Assert.Contains($"the checkpoint was made with slot '{database.Name}'", then.Message, StringComparison.Ordinal);
        Assert.Contains("--resnapshot lost", then.Fix, StringComparison.Ordinal);
        await TakeAsync(source, "--resnapshot lost");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4040")]
    public async Task Slot_of_another_name_is_set_back_to_the_one_of_the_checkpoint()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        source.Configuration["Slot"] = "renamed";
        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.SlotMissing);

        source.Configuration["Slot"] = error.Fix!.Split("Slot = \"")[1].Split('"')[0];
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4045")]
    public async Task Slot_that_another_connection_holds_is_freed_by_the_sql_of_the_message()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        source.Configuration["SlotWaitSeconds"] = "0";
        await using var lingering = ItemsOf(database);
        await lingering.OpenAsync(source.LastState);

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.SlotActive);
        await database.TakeSqlAsync(error.Fix!);
        await database.SlotIsFreeAsync(database.Name);

        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4047")]
    [InlineData("\"version\":2", "\"version\":3")]
    [InlineData("\"resumeAt\"", "\"elsewhere\"")]
    public async Task State_that_cannot_be_read_is_gone_on_from_by_what_wrote_it_or_left_for_a_folder_of_its_own(string part, string changed)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        var good = source.Checkpoints[^1];
        source.Checkpoints[^1] = good with { State = JsonDocument.Parse(good.State.GetRawText().Replace(part, changed, StringComparison.Ordinal)).RootElement };

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.State);
        Assert.Contains("a checkpoint folder of its own", error.Fix, StringComparison.Ordinal);
        await using var anew = ItemsOf(database);
        await anew.RunAsync();
        await anew.AssertGoesOnAsync(database);

        source.Checkpoints[^1] = good;
        await database.ExecuteAsync("DELETE FROM item WHERE id = 900001");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4048")]
    public async Task Startup_that_the_server_cannot_give_is_exchanged_for_one_that_the_message_names()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = ItemsOf(database);
        source.Configuration["Startup"] = "Earliest";
        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.Startup);

        source.Configuration["Startup"] = error.Fix!.Split("Use ")[1].Split(',')[0];
        await source.RunAsync();
        await source.AssertGoesOnAsync(database);
    }

    private static async Task TakeAsync(SourceHarness<Item, ItemCodec> source, string way)
    {
        switch (way)
        {
            case "--resnapshot lost":
                await source.RunResnapshotAsync("lost");
                break;
            case "new checkpoint folder":
                source.Checkpoints.Clear();
                source.Changes.Clear();
                await source.RunAsync();
                break;
            default:
                source.Configuration["Startup"] = "WhenNeeded";
                await source.RunAsync();
                break;
        }
    }
}
