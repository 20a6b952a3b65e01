namespace CdcFlow.Replay.Tests.Cases;

[Report("dbtrail/dbtrail", "#886", "A publication with a column list left columns out of the changes that the snapshot had.")]
public sealed class PublicationWithColumnList : Case<Items>
{
    protected override int Since => 15;

    [Fact]
    public async Task Is_refused_where_it_lacks_a_column_that_is_read_and_taken_where_it_lacks_others()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text, secret text); CREATE PUBLICATION part FOR TABLE t (id, secret);");
        Set("Sources:source:Publication", "part");
        await RefusedAsync("CDCF4035", "value");

        await SourceAsync("ALTER PUBLICATION part SET TABLE t (id, value)");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (1, 'one', 'psst')");
        await RunAsync();
        await SameAsync();
    }
}
