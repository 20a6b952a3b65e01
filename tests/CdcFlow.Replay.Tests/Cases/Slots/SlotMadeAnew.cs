namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-5739", "After a slot was dropped and made anew, what had been written between was lost in silence.")]
public sealed class SlotMadeAnew : Case<Items>
{
    [Fact]
    public async Task Stops_with_a_code_and_reads_anew_where_that_is_asked_for()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'gone');");
        await RunAsync();
        await SourceAsync($"SELECT pg_drop_replication_slot('{Name}')");
        await SourceAsync("DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (3, 'three');");
        await SourceAsync($"SELECT pg_create_logical_replication_slot('{Name}', 'pgoutput')");
        await SourceAsync("INSERT INTO t VALUES (4, 'four')");

        await RefusedAsync("CDCF4042", "WhenNeeded");
        Set("Sources:source:Startup", "WhenNeeded");
        await RunAsync();
        await SameAsync();
    }
}
