using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Two parts of a pipeline that meet in one table are found before anything is written.</summary>
public sealed class PlaceTests(SinkServer server)
{
    private const string Create =
        "CREATE TABLE accounts (id int8 PRIMARY KEY, owner text NOT NULL, balance numeric NOT NULL, note text); INSERT INTO accounts VALUES (1, 'Ada', 10.50, NULL);"
        + "ALTER TABLE accounts OWNER TO app; GRANT CREATE ON SCHEMA public TO app;";

    [Theory]
    [InlineData("")]
    [InlineData("accounts_2026")]
    [Trait("WayOut", "CDCF2015")]
    public async Task Sink_that_writes_to_the_table_that_is_read_is_refused_until_it_has_another(string partition)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(partition.Length == 0 ? Create
            : Create.Replace("note text)", "note text) PARTITION BY RANGE (id)", StringComparison.Ordinal)
                .Replace("INSERT", $"CREATE TABLE {partition} PARTITION OF accounts DEFAULT; ALTER TABLE {partition} OWNER TO app; INSERT", StringComparison.Ordinal));
        var looping = new CopyPipeline(database, ("copy", sink => sink.Table = partition.Length == 0 ? null : partition));
        Assert.Equal("CDCF2015", Assert.Single(await looping.ProblemsAsync<Account, AccountCodec>()).Code);
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => looping.RunAsync<Account, AccountCodec>());
            Assert.Contains("[CDCF2015]", error.Message, StringComparison.Ordinal);
            Assert.StartsWith("Set Table or Schema of sink 'copy' to another one (CdcFlow:copy:Sinks:copy:Table)", error.Fix, StringComparison.Ordinal);
        }

        Assert.Equal([["false"]], await database.QueryAsync("SELECT (to_regclass('cdcflow_checkpoint') IS NOT NULL)::text"));
        await new CopyPipeline(database, ("copy", sink => sink.Table = "copies")).RunAsync<Account, AccountCodec>();
        Assert.Equal(await database.QueryAsync("SELECT a::text FROM accounts a"), await database.QueryAsync("SELECT c::text FROM copies c"));
    }

    [Fact]
    [Trait("WayOut", "CDCF2016")]
    public async Task Two_sinks_with_one_table_are_refused_until_one_has_another()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Create);
        var meeting = new CopyPipeline(database, ("first", sink => sink.Table = "copies"), ("second", sink => sink.Table = "copies"));
        Assert.Equal("CDCF2016", Assert.Single(await meeting.ProblemsAsync<Account, AccountCodec>()).Code);
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => meeting.RunAsync<Account, AccountCodec>());
            Assert.Contains("Sinks 'first' and 'second' would both write to table \"public\".\"copies\"", error.Message, StringComparison.Ordinal);
            Assert.StartsWith("Set Table or Schema of sink 'second' to another one (CdcFlow:copy:Sinks:second:Table)", error.Fix, StringComparison.Ordinal);
        }

        await new CopyPipeline(database, ("first", sink => sink.Table = "copies"), ("second", sink => sink.Table = "others")).RunAsync<Account, AccountCodec>();
        Assert.Equal([["1"]], await database.QueryAsync("SELECT count(*) FROM copies JOIN others USING (id)"));
    }

    [Fact]
    [Trait("WayOut", "CDCF2016")]
    public async Task Two_sinks_with_one_table_write_to_it_once_each_says_that_it_shares_it()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Create);
        static void Share(PostgresSinkAttribute sink) => (sink.Table, sink.Shared, sink.Truncates) = ("copies", true, RemovalMode.Ignore);
        var meeting = new CopyPipeline(database, ("first", Share), ("second", sink => sink.Table = "copies"));
        Assert.Contains("Shared = true", Assert.Single(await meeting.ProblemsAsync<Account, AccountCodec>()).Fix, StringComparison.Ordinal);
        await new CopyPipeline(database, ("first", Share), ("second", Share)).RunAsync<Account, AccountCodec>();
        Assert.Equal([["1"]], await database.QueryAsync("SELECT count(*) FROM copies"));
    }

    [Fact]
    [Trait("WayOut", "CDCF2053")]
    public async Task Rows_of_two_sources_in_one_keyed_table_are_refused_until_their_keys_are_said_to_differ()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"{Create} CREATE TABLE others (LIKE accounts INCLUDING ALL); INSERT INTO others VALUES (2, 'Bob', 1, NULL); ALTER TABLE others OWNER TO app;");
        var merging = new CopyPipeline(database, ("copy", sink => sink.Table = "copies")) { Second = "others" };
        for (var start = 0; start < 2; start++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => merging.RunAsync<Account, AccountCodec>());
            Assert.Equal("CDCF2053", error.Code);
            Assert.Contains("Shared = true on 'copy'", error.Fix, StringComparison.Ordinal);
        }

        await new CopyPipeline(database, ("copy", sink => (sink.Table, sink.Shared, sink.Truncates) = ("copies", true, RemovalMode.Ignore))) { Second = "others" }.RunAsync<Account, AccountCodec>();
        Assert.Equal([["1", "Ada"], ["2", "Bob"]], await database.QueryAsync("SELECT id::text, owner FROM copies ORDER BY id"));
    }

    [Fact]
    public async Task Sinks_that_append_may_share_a_table()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Create);
        static void Append(PostgresSinkAttribute sink) => (sink.Table, sink.Mode) = ("journal", PostgresSinkMode.Append);
        await new CopyPipeline(database, ("first", Append), ("second", Append)).RunAsync<Account, AccountCodec>();
        Assert.Equal([["2"]], await database.QueryAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task Appended_changes_of_a_table_that_was_read_again_are_in_their_order()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Create);
        var journal = new CopyPipeline(database, ("journal", sink => (sink.Table, sink.Mode) = ("journal", PostgresSinkMode.Append)));
        await journal.RunAsync<Account, AccountCodec>();
        await database.ExecuteAsync("UPDATE accounts SET note = 'x'");
        await journal.RunAsync<Account, AccountCodec>();
        for (var again = 0; again < 2; again++)
        {
            await journal.RunAsync<Account, AccountCodec>(new ResnapshotRequest($"again {again}", ["accounts"], Lost: false));
        }

        Assert.Equal([["rutrtr"]], await database.QueryAsync("SELECT string_agg(cdc_op, '' ORDER BY cdc_transaction, cdc_event, cdc_row) FROM journal"));
        Assert.Equal([["6"]], await database.QueryAsync("SELECT count(DISTINCT (cdc_transaction, cdc_event, cdc_row)) FROM journal"));
    }
}
