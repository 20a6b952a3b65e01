using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Tables that are made, that fit, and that do not.</summary>
public sealed class TableTests(SinkServer server)
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);

    [Fact]
    public async Task Missing_table_is_created_with_fitting_types()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = new SinkInstance<EveryType, EveryTypeCodec>(database.ConnectionString, 1);
        Assert.Empty(await sink.ProblemsAsync());
        await sink.OpenAsync();
        var columns = await database.QueryAsync(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute WHERE attrelid = 'every_type'::regclass AND attnum > 0 ORDER BY attnum");
        Assert.Equal(
            [
                "id bigint t", "boolean_value boolean f", "int16_value smallint f", "int32_value integer f", "int64_value bigint f", "single_value real f",
                "double_value double precision f", "decimal_value numeric f", "string_value text f", "guid_value uuid f", "date_time_value timestamp without time zone f",
                "date_time_offset_value timestamp with time zone f", "date_only_value date f", "time_only_value time without time zone f",
                "time_span_value interval f", "bytes_value bytea f", "texts text[] f", "numbers integer[] f",
            ],
            columns.Select(column => string.Join(' ', column)));
    }

    [Fact]
    public async Task Missing_table_that_is_not_to_be_created_is_reported_with_its_statement()
    {
        var problem = await ProblemAsync("", sink => sink.CreateTable = false, PostgresSinkErrors.TableMissing);
        Assert.Contains("CREATE TABLE IF NOT EXISTS \"public\".\"accounts\" (\"id\" pg_catalog.int8 NOT NULL", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_schema_is_reported() =>
        Assert.Equal("CREATE SCHEMA \"dwh\"; GRANT USAGE, CREATE ON SCHEMA \"dwh\" TO app;", (await ProblemAsync("", sink => sink.Schema = "dwh", PostgresSinkErrors.TableMissing)).Fix);

    [Fact]
    public async Task Schema_without_the_right_to_create_is_reported() =>
        await ProblemAsync("CREATE SCHEMA dwh", sink => sink.Schema = "dwh", PostgresSinkErrors.PrivilegeMissing);

    [Fact]
    public async Task Marker_that_cannot_be_created_is_reported() =>
        await ProblemAsync("CREATE SCHEMA mark", sink => sink.MarkerSchema = "mark", PostgresSinkErrors.PrivilegeMissing);

    [Theory]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric)", PostgresSinkErrors.ColumnDoesNotFit, "ADD COLUMN \"note\" pg_catalog.text;")]
    [InlineData("CREATE TABLE accounts (id int4 PRIMARY KEY, owner text, balance numeric, note text)", PostgresSinkErrors.ColumnDoesNotFit, "ALTER COLUMN \"id\" TYPE pg_catalog.int8;")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance float8, note text)", PostgresSinkErrors.ColumnDoesNotFit, "ALTER COLUMN \"balance\" TYPE pg_catalog.numeric;")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text, more int NOT NULL)", PostgresSinkErrors.ColumnDoesNotFit, "ALTER COLUMN \"more\" DROP NOT NULL;")]
    [InlineData("CREATE TABLE accounts (id int8, owner text, balance numeric, note text)", PostgresSinkErrors.UniqueIndexMissing, "ADD PRIMARY KEY (\"id\");")]
    [InlineData("CREATE TABLE accounts (id int8, owner text, balance numeric, note text, UNIQUE (id, owner))", PostgresSinkErrors.UniqueIndexMissing, "ADD PRIMARY KEY (\"id\");")]
    [InlineData("CREATE TABLE accounts (id int8 UNIQUE DEFERRABLE, owner text, balance numeric, note text)", PostgresSinkErrors.UniqueIndexMissing, "ADD PRIMARY KEY (\"id\");")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text GENERATED ALWAYS AS (upper(owner)) STORED)", PostgresSinkErrors.ColumnDoesNotFit, "DROP EXPRESSION;")]
    [InlineData("CREATE DOMAIN number AS int8 NOT NULL; CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text, more number)", PostgresSinkErrors.ColumnDoesNotFit, "ALTER COLUMN \"more\" DROP NOT NULL;")]
    public async Task Table_that_does_not_fit_is_reported_with_the_statement_that_fixes_it(string create, string code, string fix)
    {
        var problem = await ProblemAsync($"{create}; ALTER TABLE accounts OWNER TO app", null, code);
        Assert.EndsWith(fix, problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Right_that_is_missing_is_reported()
    {
        var problem = await ProblemAsync(
            "CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text); GRANT SELECT, INSERT, DELETE ON accounts TO app", null, PostgresSinkErrors.PrivilegeMissing);
        Assert.StartsWith("GRANT UPDATE ON", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_of_other_but_wider_types_takes_the_same_values()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            """
            CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN money_like AS numeric(12, 2); CREATE EXTENSION IF NOT EXISTS citext;
            CREATE TABLE accounts (more text DEFAULT 'x' NOT NULL, "ID" numeric PRIMARY KEY, owner mood, balance money_like, note jsonb); ALTER TABLE accounts OWNER TO app
            """);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.InsertAsync(new Account(1, "happy", 1.5m, "{\"a\": 1}"));
        await sink.CheckpointAsync(1);
        await sink.InsertAsync(new Account(1, "sad", 2m, null));
        await sink.CheckpointAsync(2);
        Assert.Equal([["x", "1", "sad", "2.00", null]], await database.QueryAsync("SELECT more, \"ID\", owner, balance, note FROM accounts"));
    }

    [Fact]
    public async Task Key_without_other_columns_and_identity_columns_can_be_written()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE accounts (id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text, balance numeric, note text); ALTER TABLE accounts OWNER TO app");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.InsertAsync(ada with { Id = 77 });
        await sink.CheckpointAsync(1);
        Assert.Equal([["77"]], await database.QueryAsync("SELECT id FROM accounts"));
    }

    [Fact]
    public async Task Hostile_names_are_names_and_nothing_else()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE victim (id int)");
        var random = new Random(3);
        string[] nasty = ["\"; DROP TABLE victim; --", "'", "\"\"", "a\"b", "\\", "select", "%s", "$1", "{0}", " ", "Ünï 😀", "a.b", "\n", "pg", "--", "/*", "é\u0301"];
        var names = nasty.Concat(Enumerable.Range(0, 12).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(1, 128))]))).Distinct().ToList();
        foreach (var name in names)
        {
            await database.ExecuteAsync($"CREATE SCHEMA {SqlText.Identifier(name)} AUTHORIZATION app");
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(
                database.ConnectionString, names.IndexOf(name) + 1, attribute => (attribute.Schema, attribute.Table) = (name, name));
            await sink.InsertAsync(ada);
            await sink.WriteAsync(metadata => Change<Account>.Update(null, ada with { Note = "x" }, metadata), metadata => Change<Account>.DeleteByKey(ada with { Id = 5 }, metadata));
            await sink.CheckpointAsync(names.IndexOf(name) + 1);
        }

        var made = await database.QueryAsync("SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = nspname AND relkind = 'r'");
        Assert.Equal(names.Order(StringComparer.Ordinal), made.Select(row => row[0]!).Order(StringComparer.Ordinal));
        Assert.Equal("0", (await database.QueryAsync("SELECT count(*) FROM victim"))[0][0]);
    }

    [Theory]
    [InlineData("nul\0")]
    [InlineData("")]
    [InlineData("a_name_that_is_longer_than_the_sixty_three_bytes_that_the_server_keeps")]
    public void Name_that_cannot_be_one_is_refused_before_anything_is_sent(string name)
    {
        var error = Assert.Throws<CdcFlowException>(() => new SinkInstance<Account, AccountCodec>("Host=nowhere;Username=u", 1, sink => sink.Table = name));
        Assert.Equal(PostgresSinkErrors.NameInvalid, error.Code);
    }

    [Fact]
    public async Task Hostile_column_names_are_kept_as_they_are()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        string[] names = ["id\"; DROP TABLE x; --", "'", "😀", "SELECT", "a b"];
        var schema = new RowSchema("Row", "rows", null, [.. names.Select((name, index) => new ColumnDescriptor(name, $"P{index}", typeof(int), false, index == 0, IsNameExplicit: true))]);
        var options = new PostgresSinkOptions("s", new TableId("public", "rows"), PostgresSinkMode.Upsert, RemovalMode.Apply, RemovalMode.Apply, true, OnError.Stop);
        await database.ExecuteAsync(TableDefinition.CreateSql(options, schema));
        Assert.Equal(names, (await database.QueryAsync("SELECT attname FROM pg_attribute WHERE attrelid = 'rows'::regclass AND attnum > 0 ORDER BY attnum")).Select(row => row[0]));
    }

    private async Task<Configuration.PreflightCheck> ProblemAsync(string setUp, Action<PostgresSinkAttribute>? configure, string code)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        if (setUp.Length > 0)
        {
            await database.ExecuteAsync(setUp);
        }

        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1, configure);
        var problem = Assert.Single(await sink.ProblemsAsync());
        Assert.Equal(code, problem.Code);

        // What preflight finds also stops a start.
        var error = await Assert.ThrowsAsync<CdcFlowException>(sink.OpenAsync);
        Assert.False(error.IsTransient);
        return problem;
    }
}
