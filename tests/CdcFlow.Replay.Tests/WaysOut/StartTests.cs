using System.Text.RegularExpressions;

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>What stops every start, until what the message says is done word by word.</summary>
public sealed partial class StartTests : Case<Items>
{
    [Fact]
    [Trait("WayOut", "CDCF2011")]
    public async Task Everything_that_the_checks_found_is_fixed_by_their_statements()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one')");
        await SinkAsync("CREATE TABLE t (id bigint, more text NOT NULL)");
        var said = await RefusedTwiceAsync("CDCF2011", "CDCF5009", "CDCF5010");
        foreach (Match statement in Statement().Matches(said))
        {
            await SinkAsync(statement.Value);
        }

        await RunAsync();
        await SinkAsync("ALTER TABLE t DROP COLUMN more");
        await SameAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF5022")]
    public async Task Transaction_that_moved_more_than_can_be_told_apart_is_passed_over_by_reading_the_table_anew()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, value text); ALTER TABLE t REPLICA IDENTITY FULL;
            INSERT INTO t SELECT g, 'old' FROM generate_series(1, 25000) g;
            """);
        await RunAsync();
        await SourceAsync(
            """
            BEGIN; INSERT INTO t SELECT id, 'new' FROM t; UPDATE t SET value = repeat(id::text || '-', 1000) WHERE value <> 'new'; DELETE FROM t WHERE value = 'new'; COMMIT
            """);
        var said = await RefusedTwiceAsync("CDCF5022", "Read the table anew");
        await SourceAsync(UniqueIndex().Match(said).Value + " (id)");
        await RunResnapshotAsync("t");
        await SameAsync();
        await SourceAsync("UPDATE t SET value = 'small' WHERE id > 2; DELETE FROM t WHERE id > 100");
        await RunAsync();
        await SameAsync();
    }

    [GeneratedRegex("ALTER TABLE [^;]*;")]
    private static partial Regex Statement();

    [GeneratedRegex("CREATE UNIQUE INDEX ON [^ ]*")]
    private static partial Regex UniqueIndex();
}
