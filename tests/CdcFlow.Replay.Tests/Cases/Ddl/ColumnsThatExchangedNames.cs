namespace CdcFlow.Replay.Tests.Cases;

[Report("datafusion-contrib/datafusion-ducklake", "#253", "Columns that exchange their names, or are dropped and added again, were taken for the old ones.")]
public sealed class ColumnsThatExchangedNames : Case<Items>
{
    [Theory]
    [InlineData("ALTER TABLE t RENAME value TO aside; ALTER TABLE t RENAME other TO value; ALTER TABLE t RENAME aside TO other")]
    [InlineData("ALTER TABLE t DROP COLUMN value, ADD COLUMN value text")]
    public async Task Are_named_with_the_command_that_reads_the_table_anew(string migration)
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text, other text); INSERT INTO t VALUES (1, 'value', 'other'), (2, 'value', 'other');");
        await RunAsync();
        await SourceAsync(migration);
        await SourceAsync("UPDATE t SET value = 'new' WHERE id = 2");
        await RunAsync();
        Assert.Contains("CDCF4069", Log, StringComparison.Ordinal);
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
