namespace CdcFlow.Replay.Tests.Cases;

[Report("viggy28/streambed", "#5", "A table that was dropped and made anew was taken for the old one, whose rows stayed.")]
[Report("estuary/connectors", "#2279", "A table swapped for another by renames was never told of.")]
public sealed class TableDroppedAndMadeAnew : Case<Items>
{
    [Fact]
    public async Task Is_noticed()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'old'), (2, 'old');");
        await RunAsync();
        await SourceAsync("DROP TABLE t; CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'new');");
        await RefusedAsync("CDCF40");
        Set("Sources:source:Startup", "WhenNeeded");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (3, 'newer')");
        await RunAsync();
        await SameAsync();
    }
}
