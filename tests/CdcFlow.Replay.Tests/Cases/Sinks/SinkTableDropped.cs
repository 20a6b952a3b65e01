namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#849", "A target table that had been dropped was not filled again.")]
[Report("Altinity/clickhouse-sink-connector", "#438", "A table that was made late in the target got what was written from then on, and nothing of before.")]
public sealed class SinkTableDropped : Case<Items>
{
    [Fact, Trait("WayOut", "CDCF5023")]
    public async Task Is_said_and_the_way_out_fills_it()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        Assert.DoesNotContain("CDCF5023", Log, StringComparison.Ordinal);
        await SinkAsync("DROP TABLE t");
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await RefusedTwiceAsync("CDCF3040", "the table of sink sink is another one than before, or is missing");
        await RunAcceptingAsync();
        Assert.Contains("CDCF5023", Log, StringComparison.Ordinal);
        Assert.Contains("run --resnapshot with the source's table that feeds the sink.", Log, StringComparison.Ordinal);
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
