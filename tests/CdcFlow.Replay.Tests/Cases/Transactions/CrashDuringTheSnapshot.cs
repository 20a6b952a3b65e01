namespace CdcFlow.Replay.Tests.Cases;

[Report("PeerDB-io/peerdb", "#1750", "A snapshot that was interrupted could not go on, since its exported snapshot had ended.")]
[Report("risingwavelabs/risingwave", "#10249", "After a crash inside of the snapshot the source did not begin again.")]
[Report("MaterializeInc/materialize", "#13749", "After a restart rows came twice: as the snapshot had them, and as they were later.")]
public sealed class CrashDuringTheSnapshot : Case<Items>
{
    [Fact]
    public async Task Goes_on_and_reads_every_row_once()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, 'read' FROM generate_series(1, 10000) n;");
        Set("Sources:source:ChunkRows", "100");
        await StartAsync();
        await CrashAsync();
        await SourceAsync("UPDATE t SET value = 'updated' WHERE id % 10 = 0; DELETE FROM t WHERE id % 11 = 0;");
        await StartAsync();
        await CrashAsync();
        await RunAsync();
        await SameAsync();
        var reads = (await Stage.JournalAsync("journal")).Where(line => line.StartsWith("""{"op":"r","id":""", StringComparison.Ordinal)).Select(line => line.Split(',')[1]).ToList();
        Assert.Equal(reads.Distinct().Count(), reads.Count);
    }
}
