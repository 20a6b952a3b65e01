namespace CdcFlow.Replay.Tests.Cases;

[Report("spiceai/spiceai", "#13566", "A target that had been made anew was gone on with from the old position, and lacked all earlier rows.")]
public sealed class MarkerGone : Case<Items>
{
    [Fact]
    public async Task Stops_with_a_code_until_it_is_back()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await SinkAsync("ALTER TABLE cdcflow_checkpoint RENAME TO away; ALTER TABLE t RENAME TO t_away;");
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await RefusedAsync("CDCF3005", "--restore-from");

        await SinkAsync("DROP TABLE IF EXISTS cdcflow_checkpoint, t; ALTER TABLE away RENAME TO cdcflow_checkpoint; ALTER TABLE t_away RENAME TO t;");
        await RunAsync();
        await SameAsync();
    }
}
