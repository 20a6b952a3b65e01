namespace CdcFlow.Replay.Tests.Cases;

[Report("dbtrail/dbtrail", "#828", "A publication with a row filter passed every check, and changes of the other rows were lost in silence.")]
public sealed class PublicationWithRowFilter : Case<Items>
{
    private const string WayOut =
        """BEGIN; ALTER PUBLICATION "part" DROP TABLE ONLY "public"."t"; ALTER PUBLICATION "part" ADD TABLE ONLY "public"."t"; COMMIT;""";

    protected override int Since => 15;

    [Fact]
    public async Task Is_refused_until_it_publishes_every_row()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE PUBLICATION part FOR TABLE t WHERE (id < 10);");
        Set("Sources:source:Publication", "part");
        await RefusedAsync("CDCF4035", "only some rows", WayOut);

        await SourceAsync(WayOut);
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (1, 'one'), (11, 'eleven')");
        await RunAsync();
        await SameAsync();
    }
}
