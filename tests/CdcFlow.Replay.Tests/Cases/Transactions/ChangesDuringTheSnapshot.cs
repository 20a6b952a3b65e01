namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/seatunnel", "#11556", "Rows that changed between the low and the high watermark of a snapshot were lost.")]
[Report("MaterializeInc/materialize", "#14211", "Snapshot rows came in the middle of the stream, after newer changes of theirs.")]
public sealed class ChangesDuringTheSnapshot : Case<Items>
{
    [Fact]
    public async Task Are_neither_lost_nor_undone()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, '0' FROM generate_series(1, 10000) n;");
        Set("Sources:source:ChunkRows", "100");
        await StartAsync();
        for (var round = 1; round <= 30; round++)
        {
            await SourceAsync($"UPDATE t SET value = '{round}' WHERE id % 31 = {round}; DELETE FROM t WHERE id % 303 = {round}; INSERT INTO t VALUES ({20000 + round}, 'new'), (-{round}, 'new');");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
