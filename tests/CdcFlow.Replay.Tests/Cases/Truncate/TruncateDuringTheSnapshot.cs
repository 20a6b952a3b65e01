namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "#467", "Rows that came after a TRUNCATE were lost.")]
[Report("panchenkoai/rivet", "#286", "A TRUNCATE vanished, and the target kept the rows for good.")]
public sealed class TruncateDuringTheSnapshot : Case<Items>
{
    [Fact]
    public async Task Leaves_what_came_after_it()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, 'old' FROM generate_series(1, 5000) n;");
        Set("Sources:source:ChunkRows", "50");
        await StartAsync();
        for (var round = 1; round <= 5; round++)
        {
            await SourceAsync($"UPDATE t SET value = 'updated' WHERE id % 10 = {round}");
            await SourceAsync($"BEGIN; TRUNCATE t RESTART IDENTITY; COPY t (id) FROM PROGRAM 'seq 1 3000' WITH (FREEZE); COMMIT");
            await SourceAsync($"UPDATE t SET value = '{round}' WHERE id % 3 = 0; DELETE FROM t WHERE id % 7 = {round}; INSERT INTO t VALUES ({9000 + round}, 'new')");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
