namespace CdcFlow.Replay.Tests.Cases;

[Report("datamill-co/target-postgres", "#15", "A changed primary key was not noticed, and rows were taken for others.")]
public sealed class KeyDroppedWhileStopped : Case<Items>
{
    [Fact, Trait("WayOut", "CDCF4065")]
    public async Task Stops_with_a_code_and_the_way_out_goes_on()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text NOT NULL); INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        await RunAsync();
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (value);");
        await SourceAsync("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 'three');");
        await RefusedAsync("CDCF4037");
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (id);");
        var refusal = await RefusedTwiceAsync("CDCF4065", "ALTER TABLE \"public\".\"t\" REPLICA IDENTITY DEFAULT; What changed meanwhile cannot be told. To go on without the changes that cannot be read: run --skip-to source=");
        await SourceAsync("ALTER TABLE public.t REPLICA IDENTITY DEFAULT");
        await RunSkippingAsync(refusal);
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
