namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#55846", "A slot that had been confirmed beyond the saved position made every later sync fail.")]
public sealed class SlotMovedBeyondTheCheckpoint : Case<Items>
{
    [Fact]
    public async Task Stops_with_a_code_and_reads_anew_where_that_is_asked_for()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'gone');");
        await RunAsync();
        await SourceAsync("DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (3, 'three');");
        await SourceAsync($"SELECT pg_replication_slot_advance('{Name}', pg_current_wal_lsn())");

        await RefusedAsync("CDCF4042", "WhenNeeded");
        Set("Sources:source:Startup", "WhenNeeded");
        await RunAsync();
        await SameAsync();
    }
}
