namespace CdcFlow.Replay.Tests.Cases;

[Report("estuary/connectors", "#460", "A publication of all tables made updates of tables without a key fail that nobody captured.")]
public sealed class OtherTablesStayWritable : Case<Items>
{
    [Fact]
    public async Task While_the_pipeline_runs()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE keyless (v int); INSERT INTO keyless VALUES (1);");
        await StartAsync();
        await SourceAsync("UPDATE keyless SET v = 2; INSERT INTO t VALUES (1, 'one'); DELETE FROM keyless;");
        await CaughtUpAsync();
        await StopAsync();
    }
}
