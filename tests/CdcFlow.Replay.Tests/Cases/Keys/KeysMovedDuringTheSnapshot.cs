namespace CdcFlow.Replay.Tests.Cases;

[Report("redpanda-data/connect", "#4811", "A row whose key changed while a snapshot was under way lost the large value that only the snapshot had.")]
public sealed class KeysMovedDuringTheSnapshot : Case<Items>
{
    [Fact]
    public async Task Take_their_large_values_along()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text); ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
            INSERT INTO t SELECT n, repeat(n::text || '.', 1000) FROM generate_series(1, 4000) n;
            """);
        Set("Sources:source:ChunkRows", "50");
        await StartAsync();
        for (var round = 1; round <= 40; round++)
        {
            await SourceAsync($"UPDATE t SET id = -id WHERE id > 0 AND id % 41 = {round}");
            await SourceAsync($"UPDATE t SET id = 8000 - id WHERE id BETWEEN 1 AND 3999 AND id % 43 = {round}; DELETE FROM t WHERE id % 397 = {round}");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
