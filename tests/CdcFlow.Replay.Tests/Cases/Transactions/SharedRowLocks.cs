namespace CdcFlow.Replay.Tests.Cases;

[Report("2ndQuadrant/pglogical", "#64", "A tiny part of the rows was missing after a copy under load.")]
public sealed class SharedRowLocks : Case<Items>
{
    [Fact]
    public async Task And_prepared_and_nested_transactions_hide_no_row_of_the_snapshot()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, '0' FROM generate_series(1, 4000) n;");
        Set("Sources:source:ChunkRows", "50");
        await StartAsync();
        await using var reader = await OpenAsync();
        await using var writer = await OpenAsync();
        for (var round = 1; round <= 20; round++)
        {
            await ExecuteAsync(reader, $"BEGIN; SELECT FROM t WHERE id % 41 = {round} FOR KEY SHARE");
            await ExecuteAsync(writer, $"BEGIN; UPDATE t SET value = 'locked' || {round} WHERE id % 41 = {round}; SAVEPOINT a; DELETE FROM t WHERE id % 43 = {round} AND id % 41 <> {round}; SAVEPOINT b; INSERT INTO t VALUES (5000 + {round}, 'no'); ROLLBACK TO b; RELEASE a");
            await SourceAsync($"BEGIN; UPDATE t SET value = 'prepared' WHERE id % 47 = {round} AND id % 41 <> {round} AND id % 43 <> {round}; INSERT INTO t VALUES (-{round}, 'prepared'); PREPARE TRANSACTION '{Name}.{round}'");
            await ExecuteAsync(reader, "COMMIT");
            await ExecuteAsync(writer, round % 4 == 0 ? "ROLLBACK" : "COMMIT");
            await SourceAsync($"{(round % 3 == 0 ? "ROLLBACK" : "COMMIT")} PREPARED '{Name}.{round}'");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
