namespace CdcFlow.Replay.Tests.Cases;

[Report("aiven/devportal", "#1425", "A connection that was cut, or a slot that the server still held active, ended the connector for good.")]
public sealed class ConnectionsCut : Case<Items>
{
    [Fact]
    public async Task Heal_by_themselves()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text)");
        Set("Restart:RestartsMax", "100");
        await StartAsync();
        for (var cut = 1; cut <= 3; cut++)
        {
            await SourceAsync($"INSERT INTO t SELECT {cut} * 1000 + n, 'x' FROM generate_series(1, 500) n");
            await Stage.CutAsync();
            await SourceAsync($"UPDATE t SET value = 'cut {cut}' WHERE id % 3 = 0");
            await CaughtUpAsync();
        }

        await StopAsync();
        await SameAsync();
    }
}
