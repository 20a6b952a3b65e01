namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2403", "Rows that exchange the values of a unique column could not be written, since only what a batch comes to is.")]
public sealed class UniqueIndexBesideTheKey : Case<Items>
{
    [Theory, Trait("WayOut", "CDCF5003")]
    [InlineData("CREATE UNIQUE INDEX \"once only\" ON t (value)")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT \"once only\" UNIQUE (value)")]
    public async Task Stops_with_the_statement_that_goes_on(string unique)
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text UNIQUE DEFERRABLE); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');");
        await SinkAsync($"CREATE TABLE t (id bigint PRIMARY KEY, value text); {unique};");
        await RunAsync();
        await SourceAsync("UPDATE t SET value = translate(value, 'ab', 'ba')");
        var drop = $"""ALTER TABLE "{Name}"."t" DROP CONSTRAINT IF EXISTS "once only"; DROP INDEX IF EXISTS "{Name}"."once only";""";
        await RefusedAsync("CDCF5003", drop);
        await RefusedAsync("CDCF5003", drop);

        await SinkAsync(drop);
        await RunAsync();
        await SameAsync();
    }
}
