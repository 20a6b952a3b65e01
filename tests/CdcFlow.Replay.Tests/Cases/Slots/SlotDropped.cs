namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#80295", "A lost slot failed every sync although the setting for that case was to read the data again.")]
public sealed class SlotDropped : Case<Items>
{
    [Fact]
    public async Task Stops_with_a_code_and_reads_anew_where_that_is_asked_for()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'gone');");
        await RunAsync();
        await SourceAsync($"SELECT pg_drop_replication_slot('{Name}')");
        await SourceAsync("DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (3, 'three');");

        await RefusedAsync("CDCF4040", "WhenNeeded");
        Set("Sources:source:Startup", "WhenNeeded");
        await RunAsync();
        await SameAsync();
    }
}
