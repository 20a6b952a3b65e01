namespace CdcFlow.Replay.Tests.Cases;

[Report("hydradatabase/columnar", "#49", "An insert that loses the race for its key, and is taken back, left its row in the log.")]
public sealed class RacingUpserts : Case<Items>
{
    [Fact]
    public async Task Leave_what_the_table_has()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); ALTER TABLE t ALTER value SET STORAGE EXTERNAL;");
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var round = 0; round < 25; round++)
            {
                await SourceAsync(
                    $"""
                    INSERT INTO t SELECT n + {round} * 10, repeat('{writer}', 3000) FROM generate_series(1, 20) n ORDER BY n
                    ON CONFLICT (id) DO UPDATE SET value = CASE WHEN t.id % 2 = 0 THEN t.value ELSE EXCLUDED.value || length(t.value) END
                    """);
            }
        }));
        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
