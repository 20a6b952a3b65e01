using System.Text.Json;
using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What becomes of a checkpoint whose slot or server is not what it was.</summary>
public class SlotTests(SharedServer shared)
{
    private const string CreateItems = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1);";

    [Theory]
    [InlineData("SELECT pg_drop_replication_slot('{0}')", PostgresSourceErrorCodes.SlotMissing)]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_logical_replication_slot('{0}', 'pgoutput')", PostgresSourceErrorCodes.SlotAhead)]
    [InlineData("INSERT INTO item VALUES (3, 'lost', 1); SELECT pg_replication_slot_advance('{0}', pg_current_wal_lsn())", PostgresSourceErrorCodes.SlotAhead)]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_physical_replication_slot('{0}')", PostgresSourceErrorCodes.SlotForeign)]
    [InlineData("SELECT pg_drop_replication_slot('{0}'); SELECT pg_create_logical_replication_slot('{0}', 'test_decoding')", PostgresSourceErrorCodes.SlotForeign)]
    public async Task Checkpoint_without_its_slot_stops_for_good(string damage, string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await FinishedAsync(database);
        foreach (var statement in damage.Split("; "))
        {
            await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, database.Name));
        }

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(source.LastState));

        Assert.Equal((code, false), (error.Code, error.IsTransient));
        Assert.NotNull(error.Fix);
    }

    [Fact]
    public async Task Lost_log_stops_for_good()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["max_slot_wal_keep_size=1MB", "min_wal_size=32MB", "max_wal_size=32MB"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(CreateItems);
        await using var source = await FinishedAsync(database);
        for (var i = 0; i < 4; i++)
        {
            await database.ExecuteAsync("SELECT pg_switch_wal(); CREATE TABLE IF NOT EXISTS filler (t text); INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 2000)");
        }

        await database.ExecuteAsync("CHECKPOINT");

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(source.LastState));
        Assert.Equal((PostgresSourceErrorCodes.SlotLost, false, true), (error.Code, error.IsTransient, error.IsPositionLost));
    }

    [Fact]
    public async Task When_needed_reads_the_tables_anew_and_says_so()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await FinishedAsync(database, Startup.WhenNeeded);
        await database.ExecuteAsync($"SELECT pg_drop_replication_slot('{database.Name}')");
        await database.ExecuteAsync("DELETE FROM item WHERE id = 1; INSERT INTO item VALUES (4, 'four', 1)");

        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.Contains(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.ReadAnew, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Slot_that_another_instance_streams_is_waited_for_and_then_refused()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var first = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await first.OpenAsync();
        await using var second = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, SlotWaitSeconds = 0 });

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => second.OpenAsync());

        Assert.Equal(PostgresSourceErrorCodes.SlotActive, error.Code);
        Assert.Contains("pg_terminate_backend", error.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "t")]
    [InlineData(false, "f")]
    public async Task Slot_follows_a_failover_where_it_is_asked_to(bool asked, string isFailover)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(17, "a failover slot");
        await database.ExecuteAsync(CreateItems);
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, FailoverSlot = asked });
        await source.OpenAsync();

        Assert.Equal(isFailover, (await database.QueryAsync($"SELECT failover FROM pg_replication_slots WHERE slot_name = '{database.Name}'"))[0][0]);
    }

    [Theory]
    [InlineData("\"systemIdentifier\":\"", "\"systemIdentifier\":\"9", PostgresSourceErrorCodes.OtherServer)]
    [InlineData("\"resumeAt\":\"", "\"resumeAt\":\"F", PostgresSourceErrorCodes.OtherTimeline)]
    [InlineData("\"version\":2", "\"version\":3", PostgresSourceErrorCodes.State)]
    [InlineData("\"resumeAt\"", "\"elsewhere\"", PostgresSourceErrorCodes.State)]
    public async Task Checkpoint_that_is_not_of_this_server_is_refused(string part, string changed, string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await FinishedAsync(database);
        var state = JsonDocument.Parse(source.LastState!.Value.GetRawText().Replace(part, changed, StringComparison.Ordinal)).RootElement;

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(state));

        Assert.Equal(code, error.Code);
    }

    [Theory]
    [InlineData("\"systemIdentifier\":\"", "\"systemIdentifier\":\"9", PostgresSourceErrorCodes.OtherServer)]
    [InlineData("\"resumeAt\":\"", "\"resumeAt\":\"F", PostgresSourceErrorCodes.OtherTimeline)]
    public async Task Checkpoint_of_another_server_is_left_by_the_way_that_the_message_names(string part, string changed, string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("UPDATE item SET version = 2 WHERE id = 1");
        var state = JsonDocument.Parse(source.LastState!.Value.GetRawText().Replace(part, changed, StringComparison.Ordinal)).RootElement;
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(state));
        Assert.Equal(code, error.Code);
        Assert.Contains("start once with `run --resnapshot lost`", error.Fix, StringComparison.Ordinal);
        await source.CloseAsync();

        source.Resnapshot = new ResnapshotRequest("1", [], Lost: true);
        await source.OpenAsync(state, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Renamed_database_goes_on_with_its_slot()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var before = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (3, 'three', 1)");
        await database.Server.ExecuteAsync($"ALTER DATABASE {database.Name} RENAME TO {database.Name}_renamed", "postgres", TestContext.Current.CancellationToken);
        var renamed = new TestDatabase(database.Server, database.Name + "_renamed");
        await using var source = new SourceHarness<Item, ItemCodec>(renamed.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });

        await source.OpenAsync(before.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal([(Operation.Insert, 3)], source.Changes.Select(change => (change.Operation, change.Row.Id)));
        Assert.Equal(renamed.Name, PostgresSourceState.Read(source.LastState!.Value).Identity.Database);
    }

    [Fact]
    public async Task Startup_that_the_server_cannot_give_is_refused()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        foreach (var (startup, code) in new[] { (Startup.Earliest, PostgresSourceErrorCodes.Startup), (Startup.Committed, PostgresSourceErrorCodes.SlotMissing) })
        {
            await using var source = new SourceHarness<Item, ItemCodec>(
                database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = startup });
            Assert.Equal(code, (await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync())).Code);
        }
    }

    [Fact, Trait("WayOut", "CDCF4049")]
    public void Nodes_of_one_connection_must_agree()
    {
        var source = new SourceHarness<Item, ItemCodec>("Host=localhost;Username=x", new PostgresSourceAttribute("shop") { SlotWaitSeconds = 5 }) { ExtraTable = "second" };
        var error = Assert.ThrowsAny<CdcFlowException>(() => source.Connector());
        Assert.Equal(PostgresSourceErrorCodes.Contradiction, error.Code);
        Assert.Contains("SlotWaitSeconds: 5, and 30 on", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("write the same value on each.", error.Fix, StringComparison.Ordinal);
        Assert.Equal(2, new SourceHarness<Item, ItemCodec>("Host=localhost;Username=x", new PostgresSourceAttribute("shop") { SlotWaitSeconds = 30 }) { ExtraTable = "second" }.Connector().Tables.Count);
    }

    private static async Task<SourceHarness<Item, ItemCodec>> FinishedAsync(TestDatabase database, Startup startup = Startup.Initial)
    {
        var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = startup });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        return source;
    }
}
