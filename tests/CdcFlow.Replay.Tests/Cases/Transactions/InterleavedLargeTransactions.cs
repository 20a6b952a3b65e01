namespace CdcFlow.Replay.Tests.Cases;

[Report("Trendyol/go-pq-cdc", "#86", "Of large transactions that were written at the same time, the last row of each streamed part was lost.")]
public sealed class InterleavedLargeTransactions : Case<Items>
{
    [Fact]
    public async Task Every_row_arrives()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text)");
        await StartAsync();
        await using (var first = await OpenAsync())
        await using (var second = await OpenAsync())
        {
            await ExecuteAsync(first, "BEGIN");
            await ExecuteAsync(second, "BEGIN");
            for (var part = 0; part < 5; part++)
            {
                await ExecuteAsync(first, $"INSERT INTO t SELECT {part} * 1000 + n, repeat('a', 200) FROM generate_series(1, 500) n");
                await ExecuteAsync(second, $"INSERT INTO t SELECT {part} * 1000 + 500 + n, repeat('b', 200) FROM generate_series(1, 500) n");
                await SourceAsync($"INSERT INTO t VALUES ({part} + 10000, 'small')");
            }

            await ExecuteAsync(second, "COMMIT");
            await ExecuteAsync(first, "COMMIT");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
