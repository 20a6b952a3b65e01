namespace CdcFlow.Replay.Tests.Cases;

[Report("dbtrail/dbtrail", "#1211", "What a publication of a schema covers was not looked at as what one of all tables covers.")]
public sealed class SchemaLeftForAWhile : Case<Items>
{
    protected override int Since => 15;

    [Fact]
    public async Task Is_a_gap_of_what_its_publication_told()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'); CREATE SCHEMA archive; CREATE PUBLICATION everything FOR TABLES IN SCHEMA public;");
        Set("Sources:source:Publication", "everything");
        await RunAsync();
        await SourceAsync("ALTER TABLE t SET SCHEMA archive");
        await SourceAsync("INSERT INTO archive.t VALUES (2, 'unpublished')");
        await SourceAsync("ALTER TABLE archive.t SET SCHEMA public");
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RefusedAsync("CDCF4055", "--resnapshot");
        await RunResnapshotAsync("lost");
        await SameAsync();
    }
}
