namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#14248", "A publication that others read too was overwritten with the connector's own tables.")]
public sealed class SharedPublication : Case<Items>
{
    [Fact]
    public async Task Keeps_the_tables_of_others()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE theirs (id int PRIMARY KEY); CREATE PUBLICATION shared FOR TABLE theirs, t;");
        Set("Sources:source:Publication", "shared");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (1, 'one'); INSERT INTO theirs VALUES (1);");
        await RunAsync();
        await SameAsync();
        Assert.Equal(2, (await Stage.QueryAsync("SELECT FROM pg_publication_tables WHERE pubname = 'shared'")).Count);
    }
}
