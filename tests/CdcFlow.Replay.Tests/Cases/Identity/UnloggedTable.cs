namespace CdcFlow.Replay.Tests.Cases;

[Report("dbtrail/dbtrail", "#555", "Unlogged tables were selected, and none of their changes was ever captured.")]
[Report("PeerDB-io/peerdb", "#4772", "Unlogged tables could be chosen although they have no log.")]
public sealed class UnloggedTable : Case<Items>
{
    [Fact]
    public async Task Is_refused_until_it_is_logged()
    {
        await SourceAsync("CREATE UNLOGGED TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RefusedAsync("CDCF40", "SET LOGGED");
        await SourceAsync("ALTER TABLE t SET LOGGED");
        await RunAsync();
        await SameAsync();
    }
}
