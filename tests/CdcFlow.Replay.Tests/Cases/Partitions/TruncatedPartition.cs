namespace CdcFlow.Replay.Tests.Cases;

[Report("MaterializeInc/materialize", "#38432", "A TRUNCATE of one partition is not in the log of its root.")]
public sealed class TruncatedPartition : Case<Items>
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
        await SourceAsync("TRUNCATE t_high");
        await SourceAsync("INSERT INTO t VALUES (102, 'later')");
        await RunAsync();
        Assert.Contains("run --resnapshot public.t", Log, StringComparison.Ordinal);
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
