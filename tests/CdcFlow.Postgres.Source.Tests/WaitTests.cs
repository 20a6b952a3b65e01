using System.Text.RegularExpressions;
using Npgsql;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What the source waits for is said after five seconds, with the SQL that ends it.</summary>
public partial class WaitTests(SharedServer shared)
{
    private const string CreateItems = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1);";

    [Fact, Trait("WayOut", "CDCF4016")]
    public async Task Transaction_that_holds_up_the_slot_is_named_and_can_be_ended()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var writer = await OpenTransactionAsync(database, "INSERT INTO item VALUES (2, 'two', 1)");
        var time = new ManualTime();
        await using var source = Source(database, time);

        var opening = source.OpenAsync();
        var line = await WarningAsync(source, time, PostgresWireErrorCodes.Waits, "Making slot '", opening);

        Assert.Contains($"Making slot '{database.Name}' waits for transaction ", line, StringComparison.Ordinal);
        Assert.Contains($"server process {writer.ProcessID} (role postgres, idle in transaction, begun ", line, StringComparison.Ordinal);
        await database.ExecuteAsync(WayOut().Match(line).Value);
        await opening;
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
    }

    [Fact]
    public async Task Prepared_transaction_that_holds_up_the_slot_is_named_and_can_be_ended()
    {
        Assert.SkipWhen(TestServers.PostgresBinaries.Missing is not null, TestServers.PostgresBinaries.Missing ?? "");
        await using var server = await TestServers.PostgresServer.StartAsync(["max_prepared_transactions=5"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(CreateItems);
        await database.ExecuteAsync("BEGIN; INSERT INTO item VALUES (2, 'two', 1); PREPARE TRANSACTION 'forgotten'");
        var time = new ManualTime();
        await using var source = Source(database, time);

        var opening = source.OpenAsync();
        var line = await WarningAsync(source, time, PostgresWireErrorCodes.Waits, "prepared transaction 'forgotten'", opening);

        Assert.Contains("prepared transaction 'forgotten'", line, StringComparison.Ordinal);
        await database.ExecuteAsync("ROLLBACK PREPARED 'forgotten';");
        await opening;
    }

    [Fact, Trait("WayOut", "CDCF4016")]
    public async Task Lock_of_a_table_is_named_with_who_holds_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var locker = await OpenTransactionAsync(database, "LOCK TABLE item IN ACCESS EXCLUSIVE MODE");
        var time = new ManualTime();
        await using var source = Source(database, time);

        var opening = source.OpenAsync();
        var line = await WarningAsync(source, time, PostgresWireErrorCodes.Waits, "waits for the lock of public.item, which is held by transaction", opening);

        Assert.Contains($"waits for the lock of public.item, which is held by transaction ", line, StringComparison.Ordinal);
        Assert.Contains($"server process {locker.ProcessID} ", line, StringComparison.Ordinal);
        await database.ExecuteAsync(WayOut().Match(line).Value);
        await opening;
    }

    [Fact, Trait("WayOut", "CDCF4016")]
    public async Task Lock_of_a_partition_that_came_is_named_while_the_log_waits_for_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); "
            + "CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (100); INSERT INTO item VALUES (1, 'one', 1)");
        var time = new ManualTime();
        await using var source = Source(database, time);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200)");
        await using var locker = await OpenTransactionAsync(database, "LOCK TABLE high IN ACCESS EXCLUSIVE MODE");
        time.Advance(TimeSpan.FromSeconds(15));
        await database.ExecuteAsync("INSERT INTO low VALUES (2, 'two', 1)");

        var reading = source.ReadUntilAsync(() => source.Changes.Count >= 3);
        var line = await WarningAsync(source, time, PostgresWireErrorCodes.Waits, "Looking for what the log does not tell waits for the lock of public.high, which is held by", reading);

        Assert.Contains("Looking for what the log does not tell waits for the lock of public.high, which is held by ", line, StringComparison.Ordinal);
        await database.ExecuteAsync(WayOut().Match(line).Value);
        await database.ExecuteAsync("INSERT INTO item VALUES (101, 'new', 1)");
        await reading;
    }

    [Fact, Trait("WayOut", "CDCF4051")]
    public async Task Transaction_that_the_snapshot_waits_for_is_named_and_can_be_ended()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        var time = new ManualTime();
        await using var source = Source(database, time);
        await source.OpenAsync(); // makes the slot; the run ends before its first checkpoint
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        await using var writer = await OpenTransactionAsync(database, "INSERT INTO item VALUES (2, 'two', 1)");

        var opening = source.OpenAsync();
        var line = await WarningAsync(source, time, PostgresSourceErrorCodes.SnapshotWaits, "The snapshot waits", opening);

        Assert.Contains($"server process {writer.ProcessID} ", line, StringComparison.Ordinal);
        await database.ExecuteAsync(WayOut().Match(line).Value);
        await opening;
    }

    [Fact, Trait("WayOut", "CDCF4016")]
    public async Task Slot_that_another_connection_holds_is_waited_for_aloud()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var first = Source(database, TimeProvider.System);
        await first.OpenAsync();
        await first.ReadAsync();
        var time = new ManualTime();
        await using var second = Source(database, time);

        var opening = second.OpenAsync(first.LastState);
        var line = await WarningAsync(second, time, PostgresWireErrorCodes.Waits, "The source waits for slot '", opening);

        Assert.Contains($"The source waits for slot '{database.Name}', which server process ", line, StringComparison.Ordinal);
        await database.ExecuteAsync(WayOut().Match(line).Value);
        await opening;
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database, TimeProvider time) =>
        new(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, SlotWaitSeconds = 3600 }) { Time = time };

    private static async Task<NpgsqlConnection> OpenTransactionAsync(TestDatabase database, string statement)
    {
        var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; {statement}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    // The source comes to its wait when it does; from then on five seconds of its clock are enough. What it did before may also have seemed long by that clock.
    private static async Task<string> WarningAsync(SourceHarness<Item, ItemCodec> source, ManualTime time, string code, string saying, Task opening)
    {
        while (true)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            lock (source.Log.Lines)
            {
                if (source.Log.Lines.Find(line => line.StartsWith(code, StringComparison.Ordinal) && line.Contains(saying, StringComparison.Ordinal)) is { } line)
                {
                    return line;
                }
            }

            if (opening.IsCompleted)
            {
                await opening;
                Assert.Fail("it did not wait");
            }

            await Task.Yield();
        }
    }

    [GeneratedRegex(@"SELECT pg_terminate_backend\(\d+\);")]
    private static partial Regex WayOut();
}
