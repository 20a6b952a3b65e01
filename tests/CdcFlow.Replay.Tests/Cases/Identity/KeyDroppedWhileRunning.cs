namespace CdcFlow.Replay.Tests.Cases;

[Report("MaterializeInc/materialize", "#6521", "The primary key was dropped while the table was read, and rows of one key were still taken for one.")]
public sealed class KeyDroppedWhileRunning : Case<Items>
{
    [Fact, Trait("WayOut", "CDCF4080")]
    public async Task Is_stopped_at_and_goes_on_once_the_key_is_back()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await StartAsync();
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey");
        await SourceAsync("INSERT INTO t VALUES (2, 'two'), (2, 'two again')");
        await StopsAsync("CDCF4080");
        await RefusedTwiceAsync("CDCF4036");
        await SourceAsync("TRUNCATE t; INSERT INTO t VALUES (3, 'three'); ALTER TABLE t ADD PRIMARY KEY (id)");
        var refusal = await RefusedTwiceAsync("CDCF4080", "rows of table public.t that were written under another key than it has now", "run --skip-to source=", " --resnapshot public.t");
        await RunSkippingAsync(refusal, "public.t");
        await SourceAsync("UPDATE t SET value = 'drei' WHERE id = 3; INSERT INTO t VALUES (4, 'four')");
        await RunAsync();
        await SameAsync();
    }

    [Fact, Trait("WayOut", "CDCF4081")]
    public async Task Under_full_is_gone_on_with_and_rows_of_one_key_are_told_apart()
    {
        Set("Restart:RestartsMax", "3");
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        await RunAsync();
        await StartAsync();
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey");
        await SourceAsync("UPDATE t SET id = id + 1");
        await CaughtUpAsync();
        await StopAsync();
        OnlyRestartedFor("CDCF4081");
        await RunAsync();
        await SameAsync();
    }
}
