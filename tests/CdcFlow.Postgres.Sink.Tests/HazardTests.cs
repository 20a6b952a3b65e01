using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What of a table would lose rows in silence is found before the start, or counted; what the message says ends it.</summary>
public sealed class HazardTests(SinkServer server)
{
    private const string Table = "CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text);";
    private static readonly Account ada = new(1, "Ada", 1, null);

    [Theory]
    [InlineData("CREATE UNLOGGED TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text)", PostgresSinkErrors.TableLosesRows)]
    [InlineData(Table + "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY; GRANT ALL ON accounts TO app", PostgresSinkErrors.TableLosesRows)]
    [InlineData(Table + "CREATE RULE nothing AS ON DELETE TO accounts DO INSTEAD NOTHING", PostgresSinkErrors.TableLosesRows)]
    [InlineData(
        "CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text) PARTITION BY RANGE (id); CREATE UNLOGGED TABLE low PARTITION OF accounts FOR VALUES FROM (0) TO (9)",
        PostgresSinkErrors.TableLosesRows, "low")]
    [InlineData("CREATE VIEW accounts AS SELECT 1::int8 AS id, ''::text AS owner, 1::numeric AS balance, NULL::text AS note", PostgresSinkErrors.NotATable)]
    [InlineData("CREATE MATERIALIZED VIEW accounts AS SELECT 1::int8 AS id", PostgresSinkErrors.NotATable)]
    [InlineData("CREATE FOREIGN DATA WRAPPER none; CREATE SERVER nowhere FOREIGN DATA WRAPPER none; CREATE FOREIGN TABLE accounts (id int8) SERVER nowhere", PostgresSinkErrors.NotATable)]
    [InlineData("CREATE SEQUENCE accounts", PostgresSinkErrors.NotATable)]
    [InlineData("CREATE TYPE accounts AS (id int8)", PostgresSinkErrors.NotATable)]
    [InlineData("CREATE TABLE other (id int8); CREATE INDEX accounts ON other (id)", PostgresSinkErrors.NotATable)]
    [Trait("WayOut", "CDCF5019")]
    [Trait("WayOut", "CDCF5020")]
    public async Task Table_that_would_lose_rows_is_refused_until_the_statement_has_run(string create, string code, string? in_ = null)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        var isOwned = !create.Contains("ROW LEVEL", StringComparison.Ordinal) && code != PostgresSinkErrors.NotATable;
        await database.ExecuteAsync($"GRANT CREATE ON SCHEMA public TO app; {create}{(isOwned ? "; ALTER TABLE accounts OWNER TO app" : "")}");
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1))
        {
            var problem = Assert.Single(await refused.ProblemsAsync());
            Assert.Equal(code, problem.Code);
            for (var start = 0; start < 2; start++)
            {
                Assert.Equal(code, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
            }

            await database.ExecuteAsync((in_ is null ? problem.Fix! : problem.Fix!.Replace("\"accounts\"", $"\"{in_}\"", StringComparison.Ordinal)).Split("; or")[0]);
        }

        try
        {
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2);
            await sink.InsertAsync(ada);
            await sink.CheckpointAsync(1);
            await sink.WriteAsync(metadata => Change<Account>.DeleteByKey(ada, metadata));
            await sink.CheckpointAsync(2);
            Assert.Equal([["0"]], await database.QueryAsync("SELECT count(*) FROM accounts"));
        }
        finally
        {
            await database.ExecuteAsync("ALTER ROLE app NOBYPASSRLS");
        }
    }

    [Theory]
    [InlineData("PRIMARY KEY (id), boss int8 REFERENCES accounts ON DELETE CASCADE) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF accounts FOR VALUES FROM (0) TO (9)", "low", "accounts")]
    [InlineData("PRIMARY KEY (id), boss int8) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF accounts FOR VALUES FROM (0) TO (9); ALTER TABLE low ADD FOREIGN KEY (boss) REFERENCES low ON DELETE SET NULL", "accounts", "low")]
    [InlineData("PRIMARY KEY (id), boss int8 REFERENCES accounts ON DELETE SET DEFAULT)", "accounts", "accounts")]
    [Trait("WayOut", "CDCF5020")]
    public async Task Foreign_key_of_a_partition_acts_for_its_root_and_the_other_way_round(string create, string table, string altered)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"CREATE TABLE accounts (id int8, owner text, balance numeric, note text, {create}; GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO app; GRANT CREATE ON SCHEMA public TO app");
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1, sink => sink.Table = table))
        {
            var problem = Assert.Single(await refused.ProblemsAsync());
            Assert.Equal(PostgresSinkErrors.TableLosesRows, problem.Code);
            Assert.StartsWith($"ALTER TABLE \"public\".\"{altered}\" DROP CONSTRAINT", problem.Fix, StringComparison.Ordinal);
            await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
            await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
            await database.ExecuteAsync(problem.Fix!);
        }

        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2, sink => sink.Table = table);
        await sink.InsertAsync(ada);
        await sink.CheckpointAsync(1);
        Assert.Equal([["Ada"]], await database.QueryAsync("SELECT owner FROM accounts"));
    }

    [Fact]
    public async Task Foreign_key_over_columns_that_are_named_like_its_clauses_is_made_anew_over_the_same_columns()
    {
        const string Own = "\"a ON DELETE SET NULL (\"", Theirs = "\") REFERENCES p(i);CREATE TABLE stolen();--\"", Other = "\"b DEFERRABLE \"\" NOT VALID\"";
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            $"""
            CREATE TABLE p (i int8); {Table} ALTER TABLE accounts ADD {Own} text, ADD {Other} text, ADD {Theirs} text, ADD twin text, ADD UNIQUE ({Theirs}, twin),
            ADD CONSTRAINT k FOREIGN KEY ({Own}, {Other}) REFERENCES accounts ({Theirs}, twin) MATCH FULL ON UPDATE SET NULL ON DELETE CASCADE; ALTER TABLE accounts OWNER TO app
            """);
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1))
        {
            var problem = Assert.Single(await refused.ProblemsAsync());
            Assert.Equal(
                $"""ALTER TABLE "public"."accounts" DROP CONSTRAINT k, ADD CONSTRAINT k FOREIGN KEY ({Own}, {Other}) REFERENCES public.accounts({Theirs}, twin) MATCH FULL ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED;""",
                problem.Fix);
            await database.ExecuteAsync(problem.Fix!);
        }

        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2);
        Assert.Equal([["f", "n", "a", "t"]], await database.QueryAsync("SELECT confmatchtype, confupdtype, confdeltype, condeferred FROM pg_constraint WHERE conname = 'k'"));
        Assert.Equal([["0"]], await database.QueryAsync("SELECT count(*) FROM pg_class WHERE relname = 'stolen'"));
    }

    [Theory]
    [InlineData("INSERT", "NEW.id = 2")]
    [InlineData("UPDATE", "NEW.id = 2")]
    [InlineData("DELETE", "OLD.id = 2")]
    [Trait("WayOut", "CDCF5021")]
    public async Task Rows_that_a_trigger_passes_over_are_counted(string operation, string passedOver)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            $"""
            {Table} ALTER TABLE accounts OWNER TO app;
            CREATE FUNCTION pass_over() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF {passedOver} THEN RETURN NULL; END IF; RETURN COALESCE(NEW, OLD); END';
            CREATE TRIGGER pass_over BEFORE {operation} ON accounts FOR EACH ROW EXECUTE FUNCTION pass_over();
            """);
        if (operation != "INSERT")
        {
            await database.ExecuteAsync("INSERT INTO accounts SELECT g, 'old', 1 FROM generate_series(1, 3) g");
        }

        var error = new CdcFlowException("", "");
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch);
            await WriteAsync(sink, operation);
            error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        }

        Assert.Equal((PostgresSinkErrors.RowsPassedOver, true), (error.Code, error.IsSinkRefusal));
        Assert.Contains("1 rows that \"public\".\"accounts\"", error.Message, StringComparison.Ordinal);
        await database.ExecuteAsync(error.Fix!.Split(';')[0]);

        await using var again = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3);
        await WriteAsync(again, operation);
        await again.CheckpointAsync(1);
        Assert.Equal([[operation == "DELETE" ? "0" : "3"]], await database.QueryAsync("SELECT count(*) FROM accounts WHERE owner = 'Ada' OR 'DELETE' = '" + operation + "'"));
    }

    [Fact]
    public async Task Marker_that_a_crash_would_empty_is_refused()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await (await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1)).DisposeAsync();
        await database.ExecuteAsync("ALTER TABLE cdcflow_checkpoint SET UNLOGGED");
        await using var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);
        var problem = Assert.Single(await refused.ProblemsAsync());
        Assert.Equal(PostgresSinkErrors.TableLosesRows, problem.Code);
        await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
        await database.ExecuteAsync(problem.Fix!);
        await using var next = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3);
    }

    private static Task WriteAsync(SinkInstance<Account, AccountCodec> sink, string operation) => sink.WriteAsync([.. Enumerable.Range(1, 3).Select(
        id => new Func<ChangeMetadata, Change<Account>>(metadata => operation == "DELETE" ? Change<Account>.DeleteByKey(ada with { Id = id }, metadata) : Change<Account>.Insert(ada with { Id = id }, metadata)))]);
}
