namespace CdcFlow.Replay.Tests.Cases;

[Report("datamill-co/target-postgres", "#15", "A changed primary key was not noticed, and rows were taken for others.")]
public sealed class KeyDroppedWhileStopped : Case<Items>
{
    [Fact, Trait("WayOut", "CDCF4080")]
    public async Task Stops_with_a_code_and_the_way_out_goes_on()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text NOT NULL); INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        await RunAsync();
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (value);");
        await SourceAsync("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 'three');");
        await RefusedAsync("CDCF4037");
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (id);");
        var refusal = await RefusedTwiceAsync("CDCF4080", "rows of table public.t that were written under another key than it has now (id): value.", "run --skip-to source=", " --resnapshot public.t");
        await RunSkippingAsync(refusal, "public.t");
        await SameAsync();
    }
}
