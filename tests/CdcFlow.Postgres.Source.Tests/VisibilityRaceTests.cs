using System.Globalization;
using CdcFlow.Sources;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>
/// Snapshots while commits stall between log and visibility: <c>synchronous_standby_names</c> names a standby that does not exist, and is
/// taken back at random. CDCFLOW_RACE_SNAPSHOTS says how many snapshots to take; 50 where it is not set.
/// </summary>
public class VisibilityRaceTests
{
    private const int Keys = 400;
    private const int Writers = 4;

    private static readonly int snapshots =
        int.Parse(Environment.GetEnvironmentVariable("CDCFLOW_RACE_SNAPSHOTS") ?? "50", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_snapshot_misses_a_commit_that_stalls()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["wal_writer_delay=10ms"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(
            $"CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item SELECT i, 'name', i FROM generate_series(1, {Keys}) i");
        var stalled = 0;
        for (var snapshot = 0; snapshot < snapshots; snapshot++)
        {
            stalled += await SnapshotAsync(database, snapshot);
        }

        Assert.True(stalled > snapshots / 2, $"only {stalled} commits were seen to stall");
    }

    [Fact]
    public async Task Commit_that_stalls_while_the_slot_begins_after_it_is_waited_for()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync([], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); CREATE PUBLICATION race FOR TABLE item");
        await database.ExecuteAsync("SELECT pg_create_logical_replication_slot('race', 'pgoutput')");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = "race" });
        await using var connection = await database.OpenAsync();
        await ExecuteAsync(connection, "SET synchronous_commit = local");
        await ExecuteAsync(connection, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await ExecuteAsync(connection, "SELECT pg_reload_conf()");
        while (await SettingAsync(connection) != "nobody")
        {
        }

        var writer = database.ExecuteAsync("INSERT INTO item VALUES (85, 'stalled', 1)");
        while (!await WaitingAsync(connection))
        {
        }

        // The log will never send the insert: its commit lies before the place where the slot begins. And no transaction has ended since it took
        // its id, so that a snapshot's xmax says nothing of it.
        await ExecuteAsync(connection, "SELECT pg_replication_slot_advance('race', pg_current_wal_flush_lsn())");
        var reading = ReadAllAsync(source);
        for (var look = 0; look < 300 && !reading.IsCompleted; look++)
        {
            await WaitingAsync(connection);
        }

        await ExecuteAsync(connection, "ALTER SYSTEM RESET synchronous_standby_names");
        await ExecuteAsync(connection, "SELECT pg_reload_conf()");
        await writer;
        await reading;

        Assert.Equal([85L], source.Changes.Select(change => change.After!.Id));
    }

    [Fact]
    public async Task Transaction_from_before_a_table_was_published_is_waited_for_also_after_a_crash_in_that_wait()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync([], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); CREATE TABLE second (LIKE item INCLUDING ALL)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = "late" });
        await ReadAllAsync(source);
        await source.CloseAsync();
        await using var connection = await database.OpenAsync();
        await ExecuteAsync(connection, "BEGIN");
        await ExecuteAsync(connection, "INSERT INTO second VALUES (85, 'not published', 1)");
        source.ExtraTable = "second";
        using (var crash = new CancellationTokenSource())
        {
            var opening = source.OpenAsync(source.LastState, cancellationToken: crash.Token);
            while ((await database.QueryAsync("SELECT FROM pg_publication_tables WHERE tablename = 'second'")).Count == 0)
            {
            }

            await crash.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        }

        await using var looking = await database.OpenAsync();
        var reading = ReadAllAsync(source, source.LastState);
        for (var look = 0; look < 300 && !reading.IsCompleted; look++)
        {
            await WaitingAsync(looking);
        }

        await ExecuteAsync(connection, "COMMIT");
        await reading;

        Assert.Equal([85L], source.Changes.Select(change => change.After!.Id));
    }

    private static async Task ReadAllAsync(SourceHarness<Item, ItemCodec> source, System.Text.Json.JsonElement? state = null)
    {
        await source.OpenAsync(state, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
    }

    private static async Task<string> SettingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SHOW synchronous_standby_names", connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <returns>How often a commit was seen waiting for the standby while the snapshot ran.</returns>
    private static async Task<int> SnapshotAsync(TestDatabase database, int seed)
    {
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = $"race_{seed}", Publication = "race", ChunkRows = 40 });
        var done = new TaskCompletionSource();
        var version = 1_000_000L * (seed + 1) * Writers;
        var writers = Enumerable.Range(0, Writers)
            .Select(writer => new Writer(database, (seed * Writers) + writer, Keys, version + (1_000_000L * writer)).RunUntilAsync(done.Task)).ToArray();
        var stalls = StallAsync(database, new Random(seed), done.Task);

        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        done.SetResult();
        var stalled = await stalls;
        await Task.WhenAll(writers);
        var mark = Keys + 1000;
        await database.ExecuteAsync($"INSERT INTO item VALUES ({mark}, 'mark', 1)");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == mark));

        FoldByCommitOrder(source.Changes).AssertIs(await Fold.TableAsync(database));
        await source.CloseAsync();
        await database.SlotIsFreeAsync($"race_{seed}");
        await database.ExecuteAsync($"DELETE FROM item WHERE id = {mark}; SELECT pg_drop_replication_slot('race_{seed}')");
        return stalled;
    }

    // Writers draw versions apart from each other, so versions of a key do not grow; everything else is checked.
    private static Fold FoldByCommitOrder(List<Change<Item>> changes) => Fold.Of(changes, checksVersions: false);

    private static async Task<int> StallAsync(TestDatabase database, Random random, Task done)
    {
        await using var connection = await database.OpenAsync();
        var stalled = 0;
        while (!done.IsCompleted)
        {
            await ExecuteAsync(connection, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            await ExecuteAsync(connection, "SELECT pg_reload_conf()");
            for (var look = random.Next(1, 20); look > 0; look--)
            {
                stalled += await WaitingAsync(connection) ? 1 : 0;
            }

            await ExecuteAsync(connection, "ALTER SYSTEM RESET synchronous_standby_names");
            await ExecuteAsync(connection, "SELECT pg_reload_conf()");
            for (var look = random.Next(1, 10); look > 0; look--)
            {
                await WaitingAsync(connection);
            }
        }

        return stalled;
    }

    private static async Task<bool> WaitingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')", connection);
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
