namespace CdcFlow.Replay.Tests.Cases;

[Report("doughknee/myscrollr", "#253", "A publication that had lost its table delivered nothing for good, and every check was green.")]
[Report("apache/flink-cdc", "FLINK-38907", "A publication that was filtered by the connector lost changes.")]
public sealed class PublicationNarrowerForAWhile : Case<Items>
{
    [Fact]
    public async Task Is_a_gap_that_is_said()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await SourceAsync($"ALTER PUBLICATION {Name} SET (publish = 'insert')");
        await SourceAsync("UPDATE t SET value = 'uno'; INSERT INTO t VALUES (2, 'two');");
        await SourceAsync($"ALTER PUBLICATION {Name} SET (publish = 'insert, update, delete, truncate')");
        await RefusedAsync("CDCF40");
        Set("Sources:source:Startup", "WhenNeeded");
        await RunAsync();
        await SameAsync();
    }
}
