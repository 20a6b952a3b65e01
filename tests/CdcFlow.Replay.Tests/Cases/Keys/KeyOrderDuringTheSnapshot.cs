namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#26444", "Keys were compared in another order than the database's while the snapshot was under way.")]
[Report("aws/pgactive", "#327", "Rows were looked for in another order than that of their column, and updates of them were skipped.")]
public sealed class KeyOrderDuringTheSnapshot : Case<TextItems>
{
    protected override int Since => 15;

    protected override string DatabaseOptions => "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LC_COLLATE 'C' LC_CTYPE 'C'";

    [Fact]
    public async Task Is_the_databases()
    {
        await SourceAsync("CREATE TABLE t (id text PRIMARY KEY, value text); INSERT INTO t SELECT chr(65 + n % 26 + (n % 2) * 32) || n, '0' FROM generate_series(1, 20000) n;");
        Set("Sources:source:ChunkRows", "100");
        await StartAsync();
        for (var round = 1; round <= 40; round++)
        {
            await SourceAsync($"UPDATE t SET value = '{round}' WHERE hashtext(id) % 40 = {round - 20}");
            await SourceAsync($"DELETE FROM t WHERE hashtext(id) % 400 = {round}; INSERT INTO t VALUES (chr(65 + {round} % 26) || 'new{round}', 'new'), (chr(97 + {round} % 26) || 'new{round}', 'new')");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
