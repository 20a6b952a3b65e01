namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>A pipeline whose checkpoints are gone, and sinks that still have what was read.</summary>
public sealed class LostStoreTests : Case<Items>
{
    [Fact]
    [Trait("WayOut", "CDCF3030")]
    public async Task Rows_deleted_meanwhile_leave_the_sink_when_it_is_begun_afresh_as_the_message_says()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT g, 'first' FROM generate_series(1, 100) g;");
        await RunAsync();
        Stage.LoseStore();
        await SourceAsync("DELETE FROM t WHERE id % 2 = 0; INSERT INTO t VALUES (101, 'later')");

        await RefusedTwiceAsync("CDCF3030", "If it is lost, or this one is to take its place, `takeover` shows whose the sinks are");
        await TakeOverAsync("checkpoints");
        await RefusedTwiceAsync("CDCF3003", "leaves rows in the sinks that were deleted meanwhile; `run --restore-from none --resnapshot lost` empties the tables there first");
        await RunAfreshAsync("lost");
        await SameAsync();
        Assert.Contains("CDCF4060", Log, StringComparison.Ordinal);
        Assert.Contains(": journal.", Log, StringComparison.Ordinal);
        await SourceAsync("DELETE FROM t WHERE id = 101");
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    public async Task Table_that_is_named_is_emptied_at_a_start_without_a_checkpoint()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one')");
        await SinkAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (2, 'left over')");
        await RunResnapshotAsync("t");
        await SameAsync();
    }
}
