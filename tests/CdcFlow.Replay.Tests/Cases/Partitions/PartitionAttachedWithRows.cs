namespace CdcFlow.Replay.Tests.Cases;

[Report("MaterializeInc/materialize", "#38432", "Rows of a partition that was attached full, or detached, were never told of.")]
public sealed class PartitionAttachedWithRows : Case<Items>
{
    [Fact]
    public async Task Is_stopped_at_and_the_way_out_brings_its_rows()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id);
            CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100);
            INSERT INTO t VALUES (1, 'low');
            CREATE TABLE t_high (id bigint PRIMARY KEY, value text); INSERT INTO t_high VALUES (101, 'high');
            """);
        await RunAsync();
        await SourceAsync("ALTER TABLE t ATTACH PARTITION t_high FOR VALUES FROM (100) TO (200)");
        await SourceAsync("INSERT INTO t VALUES (102, 'later')");
        await RefusedAsync("CDCF4067", "run --resnapshot public.t");
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
