using CdcFlow.Checkpoints;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>What a message of the sink says to do is done word by word, and the sink goes on.</summary>
public sealed class WayOutTests(SinkServer server)
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);

    [Theory]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text CONSTRAINT \"no Ada\" CHECK (owner <> 'Ada'), balance numeric, note text)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text NOT NULL)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text REFERENCES owners, balance numeric, note text)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text, UNIQUE (balance)); INSERT INTO accounts VALUES (7, 'x', 10.50)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text); CREATE UNIQUE INDEX \"One each\" ON accounts (balance); INSERT INTO accounts VALUES (7, 'x', 10.50)")]
    [InlineData("CREATE DOMAIN shout AS text CONSTRAINT upper CHECK (VALUE = upper(VALUE)); CREATE TABLE accounts (id int8 PRIMARY KEY, owner shout, balance numeric, note text)")]
    [Trait("WayOut", "CDCF5003")]
    public async Task Constraint_that_refuses_a_row_is_dropped_by_the_statement(string create)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"CREATE TABLE owners (name text PRIMARY KEY); {create}; ALTER TABLE accounts OWNER TO app; GRANT SELECT ON owners TO app");
        var error = await RefusedAsync(database, ada);
        Assert.Equal(PostgresSinkErrors.Constraint, error.Code);
        await database.ExecuteAsync(error.Fix!.Split("; or")[0]);
        await WrittenAsync(database);
    }

    [Theory]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric)")]
    [InlineData("CREATE TABLE accounts (id int4 PRIMARY KEY, owner text, balance numeric, note text)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance float8, note text)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text, more int NOT NULL)")]
    [InlineData("CREATE TABLE accounts (id int8, owner text, balance numeric, note text)")]
    [InlineData("CREATE TABLE accounts (id int8 UNIQUE DEFERRABLE, owner text, balance numeric, note text)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text, CONSTRAINT \"later\" UNIQUE (id) DEFERRABLE)")]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text GENERATED ALWAYS AS ('x') STORED)")]
    [Trait("WayOut", "CDCF5009")]
    [Trait("WayOut", "CDCF5010")]
    public async Task Table_that_does_not_fit_fits_after_the_statement(string create)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"{create}; ALTER TABLE accounts OWNER TO app");
        await database.ExecuteAsync(await ProblemAsync(database));
        await WrittenAsync(database);
    }

    [Theory]
    [InlineData("owner", "varchar(2)")]
    [InlineData("balance", "numeric(3,1)")]
    [Trait("WayOut", "CDCF5004")]
    public async Task Column_that_was_narrowed_while_the_sink_runs_is_named_and_widened_by_the_statement(string column, string type)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        var error = new CdcFlowException("", "");
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await using var running = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch);
            await database.ExecuteAsync($"ALTER TABLE accounts ALTER COLUMN {column} TYPE {type}");
            await running.InsertAsync(ada with { Balance = 123456.75m });
            error = await Assert.ThrowsAsync<CdcFlowException>(() => running.PrepareAsync(1));
            Assert.Equal(PostgresSinkErrors.Value, error.Code);
            Assert.Contains($"column \"{column}\"", error.Message, StringComparison.Ordinal);
            Assert.Contains("key 1", error.Message, StringComparison.Ordinal);
        }

        Assert.StartsWith($"ALTER TABLE \"public\".\"accounts\" ALTER COLUMN \"{column}\" TYPE ", error.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync(error.Fix!);
        await WrittenAsync(database);
    }

    [Theory]
    [InlineData("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text)", false)]
    [InlineData("CREATE SCHEMA dwh", true)]
    [InlineData("CREATE SCHEMA dwh; GRANT CREATE ON SCHEMA dwh TO app", true)]
    [InlineData("CREATE SCHEMA dwh; CREATE TABLE dwh.accounts (id int8 PRIMARY KEY, owner text, balance numeric, note text); GRANT SELECT, INSERT ON dwh.accounts TO app", true)]
    [InlineData("CREATE TABLE cdcflow_checkpoint (pipeline text PRIMARY KEY, epoch bigint NOT NULL, checkpoint_epoch bigint, checkpoint_id bigint, committed_at timestamptz, session_pid integer, session_start timestamptz)", false)]
    [Trait("WayOut", "CDCF5013")]
    public async Task Right_that_is_missing_is_granted_by_the_statement(string create, bool isOther)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(create);
        void Configure(PostgresSinkAttribute sink) => sink.Schema = isOther ? "dwh" : "public";
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1, Configure))
        {
            var problem = await FoundTwiceAsync(refused);
            Assert.Equal(PostgresSinkErrors.PrivilegeMissing, problem.Code);
            await database.ExecuteAsync(problem.Fix!.Split("; or")[0]);
        }

        await WrittenAsync(database, configure: Configure, table: isOther ? "dwh.accounts" : "accounts");
    }

    [Theory]
    [InlineData(RemovalMode.Ignore, "1")]
    [InlineData(RemovalMode.Apply, "0")]
    [Trait("WayOut", "CDCF5016")]
    public async Task Removal_that_is_refused_goes_on_with_the_setting_that_the_message_names(RemovalMode setting, string rows)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await WrittenAsync(database);
        for (var epoch = 9; epoch <= 10; epoch++)
        {
            await using var refusing = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch, sink => sink.Deletes = RemovalMode.Refuse);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => refusing.WriteAsync(metadata => Change<Account>.Delete(ada, metadata)));
            Assert.Equal(PostgresSinkErrors.RemovalRefused, error.Code);
            Assert.Contains("set Deletes to Apply or Ignore", error.Fix, StringComparison.Ordinal);
            Assert.Contains("key 1", error.Message, StringComparison.Ordinal);
        }

        await using var next = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 11, sink => sink.Deletes = setting);
        await next.WriteAsync(metadata => Change<Account>.Delete(ada, metadata));
        await next.CheckpointAsync(12);
        Assert.Equal([[rows]], await database.QueryAsync("SELECT count(*) FROM accounts"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5007")]
    public async Task Holder_of_a_lock_is_found_and_ended_by_the_statements()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await WrittenAsync(database);
        await using var source = NpgsqlDataSource.Create(database.Server.SocketConnectionString(PostgresRole.Superuser, database.Name) + ";Pooling=false");
        await using var holder = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("LOCK TABLE accounts IN SHARE MODE", holder, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var error = new CdcFlowException("", "");
        for (var epoch = 9; epoch <= 10; epoch++)
        {
            await using var waiting = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch, sink => sink.LockTimeoutSeconds = 1);
            await waiting.InsertAsync(ada with { Note = "later" });
            error = await Assert.ThrowsAsync<CdcFlowException>(() => waiting.PrepareAsync(epoch));
            Assert.Equal(PostgresSinkErrors.Locked, error.Code);
        }

        var query = error.Fix![error.Fix!.IndexOf("SELECT", StringComparison.Ordinal)..(error.Fix!.IndexOf(';', StringComparison.Ordinal) + 1)];
        var pid = Assert.Single(await database.QueryAsync(query))[0];
        Assert.Equal(holder.ProcessID.ToString(System.Globalization.CultureInfo.InvariantCulture), pid);
        await database.ExecuteAsync($"SELECT pg_terminate_backend({pid})");
        await WrittenAsync(database, 11);
    }

    [Fact]
    [Trait("WayOut", "CDCF5015")]
    public async Task Marker_that_was_changed_by_hand_is_brought_back_by_the_statement()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        CommitPermit permit;
        await using (var first = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1))
        {
            permit = await first.PrepareAsync(1);
            await first.CommitAsync(permit);
        }

        await database.ExecuteAsync("UPDATE cdcflow_checkpoint SET checkpoint_id = 7");
        await using (var refused = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2))
        {
            Assert.Equal(PostgresSinkErrors.NotCommitted, (await Assert.ThrowsAsync<CdcFlowException>(() => refused.CommitAsync(permit))).Code);
        }

        await using var second = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => second.CommitAsync(permit));
        await database.ExecuteAsync(error.Fix![error.Fix!.IndexOf("UPDATE", StringComparison.Ordinal)..(error.Fix!.IndexOf(';', StringComparison.Ordinal) + 1)]);
        await second.CommitAsync(permit);
    }

    private static async Task<string> ProblemAsync(TestDatabase database)
    {
        await using var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 1);
        return (await FoundTwiceAsync(refused)).Fix!.Split(", or ")[^1];
    }

    /// <summary>What the preflight finds, and what then stops each start.</summary>
    private static async Task<Configuration.PreflightCheck> FoundTwiceAsync(SinkInstance<Account, AccountCodec> refused)
    {
        var problem = Assert.Single(await refused.ProblemsAsync());
        for (var start = 0; start < 2; start++)
        {
            Assert.Equal(problem.Code, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
        }

        return problem;
    }

    private static async Task<CdcFlowException> RefusedAsync(TestDatabase database, Account row)
    {
        var error = new CdcFlowException("", "");
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch);
            await sink.InsertAsync(row);
            error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        }

        return error;
    }

    private static async Task WrittenAsync(TestDatabase database, long epoch = 3, Action<PostgresSinkAttribute>? configure = null, string table = "accounts")
    {
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch, configure);
        await sink.InsertAsync(ada);
        await sink.CheckpointAsync(epoch);
        Assert.Equal([["1"]], await database.QueryAsync("SELECT count(*) FROM " + table + " WHERE id = 1 AND owner = 'Ada'"));
    }
}
