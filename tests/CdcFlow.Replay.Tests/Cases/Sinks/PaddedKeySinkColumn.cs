namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#138", "What type a key has in the target was guessed, so that rows met under another key.")]
public sealed class PaddedKeySinkColumn : Case<TextItems>
{
    [Fact]
    public async Task Is_refused_with_the_statement_that_makes_it_tell_keys_apart()
    {
        await SourceAsync("CREATE TABLE t (id text PRIMARY KEY, value text); INSERT INTO t VALUES ('ab', 'one'), ('ab ', 'two');");
        await SinkAsync("CREATE TABLE t (id char(6) PRIMARY KEY, value text)");
        await RefusedAsync("CDCF5017", $"""ALTER TABLE "{Name}"."t" ALTER COLUMN "id" TYPE pg_catalog.varchar(6)""");

        await SinkAsync("""ALTER TABLE t ALTER COLUMN id TYPE varchar(6) COLLATE "C" """);
        await RunAsync();
        await SourceAsync("UPDATE t SET value = 'x' WHERE id = 'ab '; DELETE FROM t WHERE id = 'ab';");
        await RunAsync();
        await SameAsync();
    }
}
