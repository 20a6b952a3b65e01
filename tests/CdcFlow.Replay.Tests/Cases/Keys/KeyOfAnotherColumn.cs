namespace CdcFlow.Replay.Tests.Cases;

[Report("PostHog/posthog", "#86510", "A table whose primary key had changed was merged on the old key for good.")]
[Report("xataio/pgroll", "#930", "A key is made wider by a second column that takes its place and its name.")]
public sealed class KeyOfAnotherColumn : Case<Items>
{
    [Fact]
    public async Task Is_stopped_at_and_the_way_out_goes_on()
    {
        await SourceAsync("CREATE TABLE t (id int PRIMARY KEY, value text); INSERT INTO t SELECT n, n FROM generate_series(1, 20) n;");
        await RunAsync();
        await SourceAsync("ALTER TABLE t ADD COLUMN id_new bigint; UPDATE t SET id_new = id");
        await SourceAsync("DELETE FROM t WHERE id = 1");
        await SourceAsync(
            """
            ALTER TABLE t ALTER id_new SET NOT NULL; ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t RENAME id TO id_old; ALTER TABLE t RENAME id_new TO id;
            ALTER TABLE t ADD PRIMARY KEY (id); ALTER TABLE t DROP COLUMN id_old;
            """);
        await SourceAsync("INSERT INTO t (id, value) VALUES (5000000000, 'large')");
        await SourceAsync("UPDATE t SET value = 'x' WHERE id = 2; UPDATE t SET id = 6000000000 WHERE id = 3; DELETE FROM t WHERE id = 4");
        var refusal = await RefusedTwiceAsync("CDCF4080", "rows of table public.t that were written under another key than it has now (id): id.", " --resnapshot public.t");
        await RunSkippingAsync(refusal, "public.t");
        await SourceAsync("UPDATE t SET value = 'y' WHERE id > 10; DELETE FROM t WHERE id = 5");
        await RunAsync();
        await SameAsync();
    }
}
