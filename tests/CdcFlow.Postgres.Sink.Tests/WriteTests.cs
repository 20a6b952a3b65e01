using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What becomes of changes, and what is said when they cannot be written.</summary>
public sealed class WriteTests(SinkServer server)
{
    private const string Secret = "4711-secret-value";
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly ColumnSet lacksNote = new(AccountCodec.Schema, [false, false, false, true]);

    [Theory]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text CHECK (owner = 'x'), balance numeric, note text)", PostgresSinkErrors.Constraint)]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text REFERENCES o(name) DEFERRABLE INITIALLY DEFERRED, balance numeric, note text)", PostgresSinkErrors.Constraint)]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner varchar(3), balance numeric, note text)", PostgresSinkErrors.Value)]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text, UNIQUE (balance))", PostgresSinkErrors.Constraint)]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner uuid, balance numeric, note text)", PostgresSinkErrors.Value)]
    public async Task Row_that_the_table_refuses_is_named_by_its_place_and_not_shown(string create, string code)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"CREATE TABLE o (name text PRIMARY KEY); {create}; ALTER TABLE accounts OWNER TO app");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.InsertAsync(new Account(1, Secret, 4711m, Secret), new Account(2, Secret, 4711m, Secret));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        Assert.Equal((code, false, true), (error.Code, error.IsTransient, error.IsSinkRefusal));
        Assert.DoesNotContain("4711", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("ink", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner varchar(30)", PostgresSinkMode.Upsert)]
    [InlineData("owner text NOT NULL CHECK (length(owner) < 31)", PostgresSinkMode.Upsert)]
    [InlineData("owner varchar(30)", PostgresSinkMode.Append)]
    public async Task One_refused_row_among_many_is_named_by_its_key_and_offset(string column, PostgresSinkMode mode)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        var audit = mode == PostgresSinkMode.Append
            ? ", cdc_op text, cdc_source text, cdc_table text, cdc_transaction_id text, cdc_committed_at timestamptz, cdc_transaction numeric, cdc_event int, cdc_row smallint, cdc_unchanged text[], cdc_not_carried text[]"
            : "";
        await database.ExecuteAsync($"CREATE TABLE accounts (id int8 PRIMARY KEY, {column}, balance numeric, note text{audit}); ALTER TABLE accounts OWNER TO app");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, attribute => attribute.Mode = mode);
        await sink.InsertAsync([.. Enumerable.Range(1, 1000).Select(id => new Account(id, id == 617 ? Secret + new string('x', 30) : "fits", 1m, null))]);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));

        Assert.True(error.IsSinkRefusal);
        Assert.Contains("(the row of key 617, public.t, offset 269/0/0)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_that_depends_on_other_rows_names_the_range()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text UNIQUE, balance numeric, note text); ALTER TABLE accounts OWNER TO app");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.InsertAsync([.. Enumerable.Range(1, 9).Select(id => new Account(id, "Ada", 1m, null))]);

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));

        Assert.Contains("(public.t, offsets 1/0/0 to 9/0/0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_without_a_column_whose_row_is_missing_is_an_error()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await sink.WriteAsync(metadata => new Change<Account>(Operation.Update, BeforeState.Absent, null, ada, lacksNote, metadata));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        Assert.Equal(PostgresSinkErrors.RowToUpdateMissing, error.Code);
        Assert.Contains("REPLICA IDENTITY FULL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletes_and_truncates_can_be_ignored()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(
            database.ConnectionString, 1, attribute => (attribute.Deletes, attribute.Truncates) = (RemovalMode.Ignore, RemovalMode.Ignore));
        await sink.InsertAsync(ada, ada with { Id = 2 });
        await sink.WriteAsync(metadata => Change<Account>.Delete(ada, metadata), metadata => Change<Account>.Truncate(metadata));
        await sink.CheckpointAsync(1);
        Assert.Equal("2", (await database.QueryAsync("SELECT count(*) FROM accounts"))[0][0]);
    }

    [Fact]
    public async Task Deletes_and_truncates_can_be_refused()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(
            database.ConnectionString, 1, attribute => (attribute.Deletes, attribute.Truncates) = (RemovalMode.Refuse, RemovalMode.Refuse));
        foreach (var change in new Func<ChangeMetadata, Change<Account>>[] { metadata => Change<Account>.Delete(ada, metadata), Change<Account>.Truncate })
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.WriteAsync(change));
            Assert.Equal(PostgresSinkErrors.RemovalRefused, error.Code);
        }
    }

    [Fact]
    public async Task Append_keeps_each_change_with_its_operation_and_place()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, attribute => attribute.Mode = PostgresSinkMode.Append);
        await sink.InsertAsync(ada);
        await sink.WriteAsync(
            metadata => new Change<Account>(Operation.Update, BeforeState.Absent, null, ada with { Note = null }, lacksNote, metadata),
            metadata => Change<Account>.Delete(ada, metadata),
            Change<Account>.Truncate);
        await sink.CheckpointAsync(1);
        Assert.Equal(
            ["1 c 1 ", "1 u 2 {note}", "1 d 3 ", " t 4 "],
            (await database.QueryAsync("SELECT concat_ws(' ', COALESCE(id::text, ''), cdc_op, cdc_transaction, COALESCE(cdc_unchanged::text, '')) FROM accounts ORDER BY cdc_transaction")).Select(row => row[0]));
    }

    [Fact]
    [Trait("WayOut", "CDCF5009")]
    public async Task Column_that_the_log_never_has_is_told_from_one_that_did_not_change_also_in_a_table_of_an_earlier_version()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        void Configure(PostgresSinkAttribute sink) => sink.Mode = PostgresSinkMode.Append;
        await (await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, Configure)).DisposeAsync();
        await database.ExecuteAsync("ALTER TABLE accounts DROP COLUMN cdc_not_carried");
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2, Configure))
        {
            Assert.Equal(PostgresSinkErrors.ColumnDoesNotFit, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
            await database.ExecuteAsync(Assert.Single(await refused.ProblemsAsync()).Fix!);
        }

        var both = new ColumnSet(AccountCodec.Schema, [false, true, false, true], [false, false, false, true]);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3, Configure);
        await sink.InsertAsync(ada);
        await sink.WriteAsync(metadata => new Change<Account>(Operation.Update, BeforeState.Absent, null, ada with { Owner = null!, Note = null }, both, metadata));
        await sink.CheckpointAsync(1);
        Assert.Equal([[null, null], ["{owner}", "{note}"]], await database.QueryAsync("SELECT cdc_unchanged, cdc_not_carried FROM accounts ORDER BY cdc_transaction"));
    }

    [Fact]
    public async Task Checkpoint_larger_than_the_buffer_is_written_in_parts_of_one_transaction()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        var large = new string('x', 500_000);
        for (var batch = 0; batch < 4; batch++)
        {
            await sink.InsertAsync([.. Enumerable.Range(0, 6).Select(index => new Account((batch * 5) + index, $"batch {batch}", 1, large))]);
        }

        Assert.Equal("0", (await database.QueryAsync("SELECT count(*) FROM accounts"))[0][0]);
        await sink.CheckpointAsync(1);
        Assert.Equal([["21", "10500000"]], await database.QueryAsync("SELECT count(*), sum(length(note)) FROM accounts"));
    }

    [Fact]
    public async Task Random_decimals_arrive_with_all_their_digits()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        var random = new Random(11);
        var values = Enumerable.Range(0, 3000).Select(index => new Account(
            index, "", new decimal(random.Next(), random.Next(index % 2 + 1) * random.Next(), random.Next(index % 3 + 1) * random.Next(), index % 5 == 0, (byte)random.Next(29)), null)).ToArray();
        await sink.InsertAsync(values);
        await sink.CheckpointAsync(1);
        Assert.Equal(
            values.Select(row => (row.Balance == 0 ? Math.Abs(row.Balance) : row.Balance).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (await database.QueryAsync("SELECT balance FROM accounts ORDER BY id")).Select(row => row[0]));
    }

    [Fact]
    public async Task Server_whose_certificate_does_not_verify_is_refused_unless_the_connection_string_says_otherwise()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        var unverified = database.ConnectionString[..database.ConnectionString.IndexOf(";Root Certificate", StringComparison.Ordinal)];
        await using var refused = new SinkInstance<Account, AccountCodec>(unverified, 1);
        var error = await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
        Assert.Equal((PostgresSinkErrors.Tls, false), (error.Code, error.IsTransient));
        Assert.DoesNotContain(PostgresRole.App.Password, error.ToString(), StringComparison.Ordinal);

        await using var allowed = new SinkInstance<Account, AccountCodec>($"{unverified};SSL Mode=Require", 1);
        Assert.Null(await allowed.OpenAsync());
    }

    [Fact]
    public async Task Wrong_password_is_reported_once_and_never_shown()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString.Replace(PostgresRole.App.Password, Secret, StringComparison.Ordinal), 1);
        var problem = Assert.Single(await sink.ProblemsAsync());
        Assert.Contains("28P01", problem.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Row_type_without_a_key_can_only_be_appended()
    {
        var error = Assert.Throws<CdcFlowException>(() => PostgresSinkOptions.Resolve(
            new PostgresSinkAttribute("w"), "s", new Rows.RowSchema("Log", "log", null, new Rows.ColumnDescriptor("line", "Line", typeof(string), true, false)), Configuration.ConnectorSettings.None));
        Assert.Equal(PostgresSinkErrors.KeyMissing, error.Code);
    }
}
