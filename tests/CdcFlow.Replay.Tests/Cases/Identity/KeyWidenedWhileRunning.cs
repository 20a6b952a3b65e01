using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

// Versions of one program have one pipeline name.
#pragma warning disable CDCF004

[Report("memiiso/debezium-server-iceberg", "#42", "A column was added to the source's primary key, and the target went on with the old one.")]
[Report("orioledb/orioledb", "#671", "After the primary key was dropped and added anew, updates were skipped.")]
public sealed partial class KeyWidenedWhileRunning : Case<KeyWidenedWhileRunning.ById>
{
    [Table("t")]
    public sealed record OneKey([property: Key] long Id, long Region, string? Value);

    [Table("t")]
    public sealed record TwoKeys([property: Key] long Id, [property: Key] long Region, string? Value);

    [CdcPipeline("widened")]
    public sealed partial class ById
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<OneKey> Rows { get; }
    }

    [CdcPipeline("widened")]
    public sealed partial class ByBoth
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<TwoKeys> Rows { get; }
    }

    [Theory, Trait("WayOut", "CDCF4080")]
    [InlineData("DEFAULT")]
    [InlineData("FULL")]
    public async Task Is_stopped_at_and_goes_on_once_the_table_has_its_key_back(string identity)
    {
        var refusal = await WidenedAsync(identity);
        await SourceAsync("DELETE FROM t WHERE id = 1 AND region = 2");
        await SourceAsync(Statement(refusal, "ALTER TABLE \"public\".\"t\" DROP CONSTRAINT"));
        if (identity == "DEFAULT")
        {
            refusal = await RefusedTwiceAsync("CDCF4080", "rows of table public.t that were written under another key than it has now");
        }

        await RunSkippingAsync(refusal, "public.t");
        await GoesOnAsync();
    }

    [Fact, Trait("WayOut", "CDCF4069")]
    public async Task Under_full_is_said_where_the_table_has_its_key_back_and_is_not_read_anew()
    {
        await WidenedAsync("FULL");
        await SourceAsync("DELETE FROM t WHERE id = 1 AND region = 2; ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id)");
        await RunAsync();
        Assert.Contains("the primary key of public.t was dropped", Log, StringComparison.Ordinal);
        Assert.Contains("To read the table anew: run --resnapshot public.t.", Log, StringComparison.Ordinal);
        await RunResnapshotAsync("public.t");
        await GoesOnAsync();
    }

    [Theory, Trait("WayOut", "CDCF4080"), Trait("WayOut", "CDCF4037")]
    [InlineData("DEFAULT")]
    [InlineData("FULL")]
    public async Task Is_stopped_at_and_goes_on_once_the_row_type_has_the_new_key(string identity)
    {
        var refusal = await WidenedAsync(identity);
        Assert.Contains("Put [Key] on the properties of exactly: id, region.", refusal, StringComparison.Ordinal);
        Deploy<ByBoth>();
        var sink = await RefusedTwiceAsync("CDCF5010");
        await SinkAsync("ALTER TABLE t DROP CONSTRAINT t_pkey");
        await SinkAsync(Statement(sink, "ALTER TABLE "));
        await RunSkippingAsync(refusal, "public.t");
        await GoesOnAsync();
    }

    [Fact, Trait("WayOut", "CDCF4080")]
    public async Task Of_an_index_that_names_rows_is_stopped_at_and_goes_on_once_the_identity_is_back()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, region bigint NOT NULL UNIQUE, value text); INSERT INTO t VALUES (1, 1, 'one');");
        await RunAsync();
        await StartAsync();
        await SourceAsync("ALTER TABLE t REPLICA IDENTITY USING INDEX t_region_key");
        await SourceAsync("INSERT INTO t VALUES (2, 2, 'two')");
        await StopsAsync("CDCF4080", "Then: run --skip-to source=");
        var refusal = await RefusedTwiceAsync("CDCF4037", "ALTER TABLE \"public\".\"t\" REPLICA IDENTITY DEFAULT;");
        await SourceAsync(Statement(refusal, "ALTER TABLE "));
        await RunAsync();
        await SourceAsync("UPDATE t SET value = 'x', region = 7 WHERE id = 1; DELETE FROM t WHERE id = 2");
        await RunAsync();
        await SameAsync();
    }

    private async Task<string> WidenedAsync(string identity)
    {
        await SourceAsync($"CREATE TABLE t (id bigint PRIMARY KEY, region bigint NOT NULL, value text); ALTER TABLE t REPLICA IDENTITY {identity}; INSERT INTO t VALUES (1, 1, 'one');");
        await RunAsync();
        await StartAsync();
        await SourceAsync("ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, region)");
        await SourceAsync("INSERT INTO t VALUES (1, 2, 'another'), (2, 1, 'two')");
        await SourceAsync("UPDATE t SET value = 'changed' WHERE region = 2; DELETE FROM t WHERE id = 1 AND region = 1");
        var refusal = await StopsAsync("CDCF4080", "ADD PRIMARY KEY (\"id\");", "run --skip-to source=", " --resnapshot public.t");
        await RefusedTwiceAsync("CDCF4037", "Put [Key] on the properties of exactly: id, region.", "DROP CONSTRAINT \"t_pkey\", ADD PRIMARY KEY (\"id\");");
        return refusal;
    }

    private async Task GoesOnAsync()
    {
        await SourceAsync("INSERT INTO t VALUES (3, 1, 'three'); UPDATE t SET region = 9 WHERE id = 2; UPDATE t SET value = 'y' WHERE id = 3");
        await RunAsync();
        await SameAsync();
    }

    private static string Statement(string refusal, string begin) => begin + refusal.Split(begin)[1].Split(';')[0];
}
