namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-5915", "After a restart inside of a transaction its first row was skipped.")]
[Report("debezium", "DBZ-5031", "A connector that started again skipped messages for hours and confirmed them.")]
[Report("apache/flink-cdc", "#1893", "Changes with positions beyond the one that was asked for were skipped.")]
[Report("risingwavelabs/risingwave", "#14060", "Rows were missing after a recovery inside of a transaction.")]
public sealed class CrashInsideALargeTransaction : Case<Items>
{
    [Fact]
    public async Task Nothing_is_skipped()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text)");
        await StartAsync();
        for (var transaction = 0; transaction < 3; transaction++)
        {
            await SourceAsync($"INSERT INTO t SELECT {transaction} * 100000 + n, repeat('x', 100) FROM generate_series(1, 20000) n");
            await SourceAsync($"INSERT INTO t VALUES (-1 - {transaction}, 'small')");
            await CrashAsync();
            await StartAsync();
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
