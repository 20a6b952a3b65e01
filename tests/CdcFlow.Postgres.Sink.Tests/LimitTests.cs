using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A statement is ended by a lost connection or a limit of the user's own, and by nothing else.</summary>
public sealed class LimitTests(SinkServer server)
{
    private const string Slow =
        """
        CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text); ALTER TABLE accounts OWNER TO app;
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_catalog.pg_sleep({0}); RETURN COALESCE(NEW, OLD); END';
        CREATE TRIGGER wait BEFORE INSERT OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION wait();
        """;

    private static readonly Account ada = new(1, "Ada", 1, null);

    [Fact]
    public async Task Limits_that_are_meant_for_applications_end_no_statement()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            Slow.Replace("{0}", "0.5", StringComparison.Ordinal)
            + $"ALTER ROLE app IN DATABASE {database.Name} SET statement_timeout = '200ms'; ALTER ROLE app IN DATABASE {database.Name} SET default_transaction_read_only = on");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.InsertAsync(ada);
        await sink.CheckpointAsync(1);
        await sink.WriteAsync(Change<Account>.Truncate);
        await sink.CheckpointAsync(2);
        Assert.Empty(await database.QueryAsync("SELECT FROM accounts"));
    }

    [Fact]
    public async Task Commit_is_on_disk_before_the_source_hears_of_it_whatever_the_roles_setting()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"ALTER ROLE app IN DATABASE {database.Name} SET synchronous_commit = off");
        await using var session = await SinkSession.OpenAsync(database.ConnectionString, 30, "A test", TestContext.Current.CancellationToken);
        Assert.Equal(["on"], await session.QueryAsync("SHOW synchronous_commit", reader => reader.GetString(0), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_command_has_a_time_limit_unless_the_connection_string_sets_one()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var unlimited = await SinkSession.OpenAsync(database.ConnectionString, 120, "A test", TestContext.Current.CancellationToken);
        await using var limited = await SinkSession.OpenAsync($"{database.ConnectionString};Command Timeout=7", 120, "A test", TestContext.Current.CancellationToken);
        Assert.Equal((0, 7), (unlimited.CommandTimeoutSeconds, limited.CommandTimeoutSeconds));
        Assert.Equal(["2min"], await unlimited.QueryAsync("SHOW lock_timeout", reader => reader.GetString(0), TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("WayOut", "CDCF5018")]
    public async Task Limit_of_the_users_own_ends_a_statement_and_is_named()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Slow.Replace("{0}", "3", StringComparison.Ordinal));
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync($"{database.ConnectionString};Command Timeout=1", epoch);
            await sink.InsertAsync(ada);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
            Assert.Equal((PostgresSinkErrors.TimedOut, true), (error.Code, error.IsTransient));
            Assert.Contains("take Command Timeout out of the connection string", error.Fix, StringComparison.Ordinal);
        }

        await using var unlimited = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3);
        await unlimited.InsertAsync(ada);
        await unlimited.CheckpointAsync(1);
        Assert.Equal([["1"]], await database.QueryAsync("SELECT count(*) FROM accounts"));
    }
}
