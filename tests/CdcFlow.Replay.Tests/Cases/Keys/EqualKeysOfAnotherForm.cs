namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#10803", "Keys that the database takes for equal, and that are written in two ways, were taken for two rows.")]
public sealed class EqualKeysOfAnotherForm : Case<TextItems>
{
    [Theory]
    [InlineData("numeric", "n || '.0'", "id::numeric(20, 3)")]
    [InlineData("interval", "n * interval '24 hours'", "justify_hours(id)")]
    public async Task Are_one_row(string type, string first, string second)
    {
        await SourceAsync($"CREATE TABLE t (id {type} PRIMARY KEY, value text); INSERT INTO t SELECT ({first})::{type}, n FROM generate_series(1, 4000) n;");
        Set("Sources:source:ChunkRows", "50");
        await StartAsync();
        for (var round = 1; round <= 20; round++)
        {
            await SourceAsync($"UPDATE t SET id = {second} WHERE value::int % 41 = {round}");
            await SourceAsync($"WITH gone AS (DELETE FROM t WHERE value::int % 43 = {round} RETURNING *) INSERT INTO t SELECT {second}, -value::int FROM gone");
        }

        await CaughtUpAsync();
        await StopAsync();
        await RunAsync();
        await SameAsync();
    }
}
