namespace CdcFlow.Replay.Tests.Cases;

[Report("supabase/etl", "#804", "A publication that sends changes as those of the partitions was taken for one of their root.")]
public sealed class PublicationOfLeaves : Case<Items>
{
    [Fact]
    public async Task Is_refused_until_it_publishes_by_the_root()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id);
            CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100);
            CREATE PUBLICATION leaves FOR TABLE t;
            """);
        Set("Sources:source:Publication", "leaves");
        await RefusedAsync("CDCF4035", "publish_via_partition_root");
        await SourceAsync("ALTER PUBLICATION leaves SET (publish_via_partition_root = true)");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (1, 'one')");
        await RunAsync();
        await SameAsync();
    }
}
