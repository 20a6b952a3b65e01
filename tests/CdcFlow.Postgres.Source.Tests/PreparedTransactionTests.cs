using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>PREPARE TRANSACTION, as transaction managers use it.</summary>
public class PreparedTransactionTests
{
    private const string CreateItems = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL);";

    [Fact]
    public async Task Prepared_transactions_come_when_they_commit_and_not_before()
    {
        await using var server = await StartAsync();
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync($"{CreateItems} INSERT INTO item SELECT i, 'name', 1 FROM generate_series(1, 3000) i");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { ChunkRows = 100 });
        await source.OpenAsync();
        await source.ReadAsync();
        await database.ExecuteAsync("BEGIN; UPDATE item SET version = 2 WHERE id % 2 = 0; PREPARE TRANSACTION 'small'");
        await database.ExecuteAsync("BEGIN; INSERT INTO item SELECT i, repeat('x', 200), 2 FROM generate_series(10001, 13000) i; PREPARE TRANSACTION 'streamed'");
        await database.ExecuteAsync("BEGIN; INSERT INTO item VALUES (20000, 'never', 2); PREPARE TRANSACTION 'rolled back'");
        await database.ExecuteAsync("INSERT INTO item VALUES (30000, 'between', 1)");
        await source.ReadUntilAsync(() => source.HasWholeSnapshot && source.Changes.Exists(change => change.After?.Id == 30000));
        Assert.DoesNotContain(source.Changes, change => change.After?.Version == 2);

        await source.CrashAsync();
        foreach (var end in new[] { "COMMIT PREPARED 'streamed'", "ROLLBACK PREPARED 'rolled back'", "COMMIT PREPARED 'small'", "INSERT INTO item VALUES (40000, 'mark', 1)" })
        {
            await database.ExecuteAsync(end);
        }

        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 40000));
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Slot_made_for_two_phases_is_refused()
    {
        await using var server = await StartAsync();
        var database = new TestDatabase(server, "app");
        await database.SkipBelowAsync(14, "a slot for two-phase commit");
        await database.ExecuteAsync(CreateItems);
        await database.ExecuteAsync("SELECT pg_create_logical_replication_slot('two', 'pgoutput', false, true)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = "two" });

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());

        Assert.Equal((PostgresSourceErrorCodes.SlotForeign, false), (error.Code, error.IsTransient));
        Assert.NotNull(error.Fix);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        return await PostgresServer.StartAsync(["max_prepared_transactions=5", "logical_decoding_work_mem=64kB"], TestContext.Current.CancellationToken);
    }
}
