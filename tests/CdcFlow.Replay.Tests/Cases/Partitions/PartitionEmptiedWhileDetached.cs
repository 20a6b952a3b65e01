namespace CdcFlow.Replay.Tests.Cases;

[Report("MaterializeInc/materialize", "#38432", "What happens to a partition while it is detached is not in the log of its root.")]
public sealed class PartitionEmptiedWhileDetached : Case<Items>
{
    [Fact]
    public async Task Is_said_and_the_way_out_removes_its_rows()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id);
            CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100); CREATE TABLE t_high PARTITION OF t FOR VALUES FROM (100) TO (200);
            INSERT INTO t VALUES (1, 'low'), (101, 'high');
            """);
        await RunAsync();
        await SourceAsync("ALTER TABLE t DETACH PARTITION t_high; TRUNCATE t_high; ALTER TABLE t ATTACH PARTITION t_high FOR VALUES FROM (100) TO (200)");
        await SourceAsync("INSERT INTO t VALUES (102, 'later')");
        await RunAsync();
        Assert.Contains("CDCF4068", Log, StringComparison.Ordinal);
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
