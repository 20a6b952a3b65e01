namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#1127", "Upserts failed row by row because the target table had no unique index on the key.")]
public sealed class SinkTableWithoutUniqueIndex : Case<Items>
{
    [Fact]
    public async Task Is_refused_before_the_start_with_the_statement_that_makes_one()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        await SinkAsync("CREATE TABLE t (id bigint, value text)");
        await RefusedAsync("CDCF5010", $"""ALTER TABLE "{Name}"."t" ADD PRIMARY KEY ("id")""");

        await SinkAsync($"""ALTER TABLE "{Name}"."t" ADD PRIMARY KEY ("id")""");
        await RunAsync();
        await SameAsync();
    }
}
