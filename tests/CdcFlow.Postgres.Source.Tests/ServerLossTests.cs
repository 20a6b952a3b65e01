using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>The server goes away while it is read.</summary>
public class ServerLossTests
{
    [Fact]
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
            await source.CrashToAsync(source.Checkpoints.Count - 1);
        }

        await database.ExecuteAsync("INSERT INTO item VALUES (99999, 'mark', 1)");
        await source.ReadUntilAsync(() => source.Reader.Progress.Phase == Sources.SourcePhase.Streaming && source.Changes.Exists(change => change.After?.Id == 99999));
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Server_that_is_not_there_is_a_transient_error()
    {
        await using var source = new SourceHarness<Item, ItemCodec>("Host=127.0.0.1;Port=1;Username=cdc;SSL Mode=Disable", new PostgresSourceAttribute("shop"));
        Assert.True((await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync())).IsTransient);
    }
}
