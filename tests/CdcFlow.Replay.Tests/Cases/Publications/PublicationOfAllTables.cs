namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-6577", "A publication FOR ALL TABLES cannot be given a list of tables, and the attempt ended every start.")]
[Report("redpanda-data/connect", "#4726", "A publication of all tables was not noticed when the configuration named some.")]
public sealed class PublicationOfAllTables : Case<Items>
{
    [Fact]
    public async Task Is_read_as_it_is()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE other (id int PRIMARY KEY); CREATE PUBLICATION everything FOR ALL TABLES;");
        Set("Sources:source:Publication", "everything");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (1, 'one'); INSERT INTO other VALUES (1);");
        await SourceAsync("CREATE TABLE third (id int PRIMARY KEY); INSERT INTO third VALUES (1);");
        await RunAsync();
        await SameAsync();
        Assert.Equal("t", (await Stage.QueryAsync("SELECT puballtables FROM pg_publication"))[0][0]);
    }
}
