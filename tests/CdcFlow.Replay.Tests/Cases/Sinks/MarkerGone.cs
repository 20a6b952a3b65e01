namespace CdcFlow.Replay.Tests.Cases;

[Report("spiceai/spiceai", "#13566", "A target that had been made anew was gone on with from the old position, and lacked all earlier rows.")]
public sealed class MarkerGone : Case<Items>
{
    [Fact]
    [Trait("WayOut", "CDCF3005")]
    public async Task Stops_with_a_code_until_it_is_back()
    {
        await StartedAsync("ALTER TABLE cdcflow_checkpoint RENAME TO away; ALTER TABLE t RENAME TO t_away;");
        await RefusedTwiceAsync("CDCF3005", "Bring back the sink's marker");

        await SinkAsync("DROP TABLE IF EXISTS cdcflow_checkpoint, t; ALTER TABLE away RENAME TO cdcflow_checkpoint; ALTER TABLE t_away RENAME TO t;");
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF3005")]
    public async Task Is_gone_on_without_where_the_rows_are_there()
    {
        await StartedAsync("DROP TABLE cdcflow_checkpoint");
        var said = await RefusedTwiceAsync("CDCF3005", "If it alone is lost, go on without it: `run --restore-from ");
        await RunFromAsync(said.Split("go on without it: `run --restore-from ")[1].Split('`')[0]);
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF3005")]
    public async Task Is_begun_afresh_where_they_are_gone_too()
    {
        await StartedAsync("DROP TABLE cdcflow_checkpoint, t");
        await RefusedTwiceAsync("CDCF3005", "if the sink was emptied or made anew, `run --restore-from none` begins afresh");
        await RunFromAsync("none");
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        await SameAsync();
    }

    /// <summary>Two checkpoints, then what happens to the sink, then a change.</summary>
    private async Task StartedAsync(string happens)
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await SinkAsync(happens);
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
    }
}
