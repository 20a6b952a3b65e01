using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>The server goes away while it is read.</summary>
public class ServerLossTests
{
    [Fact, Trait("WayOut", "CDCF4001")]
    public async Task Killed_server_is_a_transient_error_in_the_middle_of_chunks_and_of_a_transaction()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["logical_decoding_work_mem=64kB"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 20000) i");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { ChunkRows = 100 });
        var random = new Random(11);
        await source.OpenAsync();
        for (var kill = 0; kill < 5; kill++)
        {
            await database.ExecuteAsync($"UPDATE item SET version = version + 100000 WHERE id % 2 = {kill % 2}");
            for (var round = random.Next(1, 30); round > 0 && source.Reader.Progress.Phase != Sources.SourcePhase.Streaming; round--)
            {
                await source.ReadAsync();
            }

            await server.KillAsync(TestContext.Current.CancellationToken);
            var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.ReadToEndAsync);
            Assert.True(error.IsTransient, error.Message);
            await server.StartAgainAsync(TestContext.Current.CancellationToken);
            await source.CrashAsync();
        }

        await source.ReadToMarkAsync(database);
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Server_killed_inside_the_pass_over_a_keyless_table_is_a_transient_error_and_the_pass_begins_anew()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint, name text, version bigint NOT NULL); ALTER TABLE item REPLICA IDENTITY FULL; "
            + "INSERT INTO item SELECT i, repeat('x', 500), i FROM generate_series(1, 40000) i");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { SnapshotReaders = 3, ChunkRows = 500 });
        await source.OpenAsync();
        for (var kill = 0; kill < 5; kill++)
        {
            // The first kill meets the pass before its first row, the others ever later in it.
            var begun = source.Changes.Count;
            await source.ReadUntilAsync(() => source.Changes.Count >= begun + (4000 * kill));
            await database.ExecuteAsync($"UPDATE item SET version = version + 100000 WHERE id % 5 = {kill}");
            await server.KillAsync(TestContext.Current.CancellationToken);
            var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.ReadToEndAsync);
            Assert.True(error.IsTransient, error.Message);
            Assert.DoesNotContain(source.Checkpoints, checkpoint => checkpoint.State.GetProperty("tables")[0].GetProperty("isComplete").GetBoolean());
            await server.StartAgainAsync(TestContext.Current.CancellationToken);
            await source.CrashAsync();
        }

        await source.ReadToMarkAsync(database);
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Server_that_is_not_there_is_a_transient_error()
    {
        await using var source = new SourceHarness<Item, ItemCodec>("Host=127.0.0.1;Port=1;Username=cdc;SSL Mode=Disable", new PostgresSourceAttribute("shop"));
        Assert.True((await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync())).IsTransient);
    }
}
