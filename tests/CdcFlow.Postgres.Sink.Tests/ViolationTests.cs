using CdcFlow.Postgres.Wire;
using CdcFlow.Testing.Conformance.Rows;
using Npgsql;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What a table refuses while it is written to: the message names the row by its key, and what refuses it, and has the statement that ends it.</summary>
/// <remarks>Reported of another program: that a right which the role lacks was told as a table that is missing (confluentinc/kafka-connect-jdbc#446).</remarks>
public sealed class ViolationTests(SinkServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CREATE UNIQUE INDEX \"once only\" ON accounts (owner)", "23505", "'once only' of table 'accounts'", "another row has its values")]
    [InlineData("ALTER TABLE accounts ADD CONSTRAINT \"apart\" EXCLUDE USING btree (owner WITH =)", "23P01", "'apart' of table 'accounts'", "it conflicts with another row")]
    [InlineData("CREATE TABLE owners (name text PRIMARY KEY); INSERT INTO owners VALUES ('Ada'), ('Bob'), ('Cid'); UPDATE accounts SET owner = 'Bob'; ALTER TABLE accounts ADD CONSTRAINT known FOREIGN KEY (owner) REFERENCES owners; DELETE FROM owners WHERE name = 'Ada'", "23503", "'known' of table 'accounts'", "the row that it points to is not there")]
    [InlineData("ALTER TABLE accounts ADD CONSTRAINT short CHECK (balance < 50)", "23514", "'short' of table 'accounts'", "it does not hold for the row")]
    [InlineData("ALTER TABLE accounts ALTER note SET NOT NULL", "23502", "column 'note'", "it takes no NULL")]
    [Trait("WayOut", "CDCF5003")]
    public async Task Violation_names_the_row_and_the_constraint_and_the_statement_ends_it(string alter, string state, string place, string why)
    {
        var database = await server.DatabaseAsync(Cancellation);
        Account[] rows = [new(2, "Bob", 1, "a"), new(3, "Ada", 99, state == "23502" ? null : "b"), new(4, "Cid", 1, "c")];
        await using (var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1))
        {
            await sink.InsertAsync(new Account(1, state == "23503" ? "Bob" : "Ada", 1, "first"));
            await sink.CheckpointAsync(1);
        }

        await database.ExecuteAsync(alter);
        CdcFlowException? error = null;
        for (var start = 0; start < 2; start++)
        {
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2 + start);
            await sink.InsertAsync(rows);
            error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(2));
            Assert.Equal(PostgresSinkErrors.Constraint, error.Code);
            Assert.Contains("(the row of key 3, ", error.Happened, StringComparison.Ordinal);
            Assert.Contains(place, error.Happened, StringComparison.Ordinal);
            Assert.Contains($"(SQLSTATE {state}): {why}", error.Happened, StringComparison.Ordinal);
        }

        await database.ExecuteAsync(error!.Fix!.Split("; or make")[0]);
        await using var freed = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 4);
        await freed.InsertAsync(rows);
        await freed.CheckpointAsync(2);
        Assert.Equal([["4"]], await database.QueryAsync("SELECT count(*) FROM accounts"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5013")]
    public async Task Right_that_is_taken_away_is_granted_by_the_statement()
    {
        var database = await server.DatabaseAsync(Cancellation);
        await database.ExecuteAsync("CREATE SCHEMA shop; CREATE TABLE shop.accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text); GRANT USAGE ON SCHEMA shop TO app; GRANT ALL ON shop.accounts TO app");
        CdcFlowException? error = null;
        for (var start = 0; start < 2; start++)
        {
            await database.ExecuteAsync("GRANT ALL ON shop.accounts TO app");
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1 + start, sink => sink.Schema = "shop");
            await database.ExecuteAsync("REVOKE INSERT ON shop.accounts FROM app");
            await sink.InsertAsync(new Account(1, "Ada", 1, null));
            error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
            Assert.Equal(PostgresSinkErrors.PrivilegeMissing, error.Code);
            Assert.EndsWith("permission denied for table accounts (SQLSTATE 42501).", error.Happened, StringComparison.Ordinal);
        }

        Assert.Equal("GRANT SELECT, INSERT, UPDATE, DELETE ON \"shop\".\"accounts\" TO app; GRANT USAGE ON SCHEMA \"shop\" TO app;", error!.Fix);
        await database.ExecuteAsync(error.Fix!);
        await using var freed = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 4, sink => sink.Schema = "shop");
        await freed.InsertAsync(new Account(1, "Ada", 1, null));
        await freed.CheckpointAsync(2);
        Assert.Equal([["Ada"]], await database.QueryAsync("SELECT owner FROM shop.accounts"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5013")]
    public async Task Right_to_temporary_tables_is_missed_before_the_start_and_granted_by_the_statement()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var role = $"role_{database.Name}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 's3cret'; GRANT ALL ON SCHEMA public TO {role}; REVOKE TEMPORARY ON DATABASE {database.Name} FROM PUBLIC");
        var text = database.ConnectionString.Replace("Username=app;Password=apppw", $"Username={role};Password=s3cret", StringComparison.Ordinal);
        await using (var refused = new SinkInstance<Account, AccountCodec>(text, 1))
        {
            var problem = Assert.Single(await refused.ProblemsAsync());
            Assert.Equal(PostgresSinkErrors.PrivilegeMissing, problem.Code);
            Assert.Equal(PostgresSinkErrors.PrivilegeMissing, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
            Assert.Equal(PostgresSinkErrors.PrivilegeMissing, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
            await database.ExecuteAsync(problem.Fix!);
        }

        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(text, 2);
        await sink.InsertAsync(new Account(1, "Ada", 1, null));
        await sink.CheckpointAsync(1);
        Assert.Equal([["Ada"]], await database.QueryAsync("SELECT owner FROM accounts"));
    }

    [Theory]
    [InlineData("53100", PostgresSinkErrors.DiskFull, true, false, "Make room on the server's disk; the pipeline goes on by itself.")]
    [InlineData("57P03", PostgresSinkErrors.Server, true, true, "Nothing, while the server starts, stops or recovers")]
    [InlineData("25006", PostgresSinkErrors.ReadOnly, true, true, "Name the primary as Host in the connection string")]
    [InlineData("40P01", PostgresSinkErrors.Server, true, false, "Nothing: the pipeline starts again from its last checkpoint")]
    [InlineData("53300", PostgresSinkErrors.Server, true, true, "Close idle connections")]
    [InlineData("55P03", PostgresSinkErrors.Locked, true, false, "See who: SELECT")]
    [InlineData("42P01", PostgresSinkErrors.Server, false, false, "Bring the table that the message names back")]
    public void Answer_of_the_server_has_the_resolution_of_its_class_and_heals_by_itself_where_it_can(string state, string code, bool isTransient, bool isAway, string resolution)
    {
        var error = PostgresSinkErrors.Of(new PostgresException("said so", "ERROR", "ERROR", state), "Sink 'x' writing");
        Assert.Equal((code, isTransient, isAway, state == "53100"), (error.Code, error.IsTransient, error.IsAway, error.IsWaitedOut));
        Assert.StartsWith(resolution, error.Fix, StringComparison.Ordinal);
        if (code != PostgresSinkErrors.Locked)
        {
            Assert.Equal($"Sink 'x' writing: the server answered 'said so' (SQLSTATE {state}).", error.Happened);
        }

        // The source says the same of the same.
        var source = new PostgresServerException(new ErrorFields("ERROR", state, "said so", null));
        Assert.True(ServerResolution.Of(state) is null || source.Fix == error.Fix || code == PostgresSinkErrors.Locked);
    }
}
