namespace CdcFlow.Replay.Tests.Cases;

[Report("turbot/steampipe", "#292", "JSON with an escaped zero character was refused by the target, with no word on which row or what to do.")]
[Report("FraunhoferIOSB/FROST-Server", "#375", "An upgrade to jsonb failed after hours, on one row with an escaped zero character.")]
public sealed class ZeroCharacterIntoJsonb : Case<Items>
{
    [Fact, Trait("WayOut", "CDCF5004")]
    public async Task Names_the_row_and_the_statement_that_takes_it()
    {
        await SourceAsync("""CREATE TABLE t (id bigint PRIMARY KEY, value json); INSERT INTO t VALUES (1, '{"a": 1}'), (2, '{"a": "\u0000"}');""");
        await SinkAsync("CREATE TABLE t (id bigint PRIMARY KEY, value jsonb)");
        await RefusedAsync("CDCF5004", "key 2", $"""ALTER TABLE "{Name}"."t" ALTER COLUMN "value" TYPE pg_catalog.text""");
        await RefusedAsync("CDCF5004", "key 2", $"""ALTER TABLE "{Name}"."t" ALTER COLUMN "value" TYPE pg_catalog.text""");

        await SinkAsync($"""ALTER TABLE "{Name}"."t" ALTER COLUMN "value" TYPE pg_catalog.text""");
        await RunAsync();
        await SameAsync();
    }
}
