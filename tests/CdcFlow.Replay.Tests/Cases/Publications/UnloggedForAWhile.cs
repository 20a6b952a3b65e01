namespace CdcFlow.Replay.Tests.Cases;

[Report("dbtrail/dbtrail", "#555", "A table that a publication of all tables covers was made unlogged, and its changes were lost in silence.")]
[Report("dbtrail/dbtrail", "#1211", "The warning of unlogged tables knew only one kind of publication.")]
public sealed class UnloggedForAWhile : Case<Items>
{
    [Fact]
    public async Task Is_said()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'); CREATE PUBLICATION everything FOR ALL TABLES;");
        Set("Sources:source:Publication", "everything");
        await RunAsync();
        await SourceAsync("ALTER TABLE t SET UNLOGGED");
        await SourceAsync("INSERT INTO t VALUES (2, 'in no log')");
        await SourceAsync("ALTER TABLE t SET LOGGED");
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        Assert.Contains("run --resnapshot public.t", Log, StringComparison.Ordinal);
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
