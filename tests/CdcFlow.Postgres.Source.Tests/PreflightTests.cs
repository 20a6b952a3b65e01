using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

public class PreflightTests(SharedServer shared)
{
    private const string CreateItems = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL);";

    [Fact]
    public async Task Every_fix_fixes_when_it_is_run_as_printed()
    {
        var database = await shared.CreateAsync();
        var role = $"poor_{database.Name}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN; CREATE SCHEMA hidden; CREATE TABLE hidden.item (id bigint, name text, version bigint NOT NULL); "
            + "ALTER TABLE hidden.item REPLICA IDENTITY NOTHING; INSERT INTO hidden.item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name, Table = "hidden.item" });

        var report = await CheckAsync(source);
        var failed = report.Checks.Where(check => check.Status == PreflightStatus.Failed).ToArray();
        Assert.Equal(
            [PostgresSourceErrorCodes.Grant, PostgresSourceErrorCodes.Grant, PostgresSourceErrorCodes.ReplicaIdentity, PostgresSourceErrorCodes.Publication],
            failed.Select(check => check.Code));
        foreach (var check in report.Checks.Where(check => check.Status != PreflightStatus.Passed))
        {
            await database.ExecuteAsync(check.Fix!);
        }

        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status != PreflightStatus.Passed);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count == 1);
    }

    [Fact]
    public async Task Everything_wrong_is_reported_at_once_and_stops_the_run_with_one_error()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint, name text)");
        await using var source = Source(database);

        var report = await CheckAsync(source);
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());

        Assert.False(report.Passed);
        Assert.Equal(PostgresSourceErrorCodes.Preflight, error.Code);
        Assert.All(report.Checks.Where(check => check.Status == PreflightStatus.Failed), check => Assert.Contains(check.Sentence, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_that_does_not_log_logically_is_refused()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["wal_level=replica"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(CreateItems);
        await using var source = Source(database);

        var failed = Failed(await CheckAsync(source), "wal_level");

        Assert.Equal(PostgresSourceErrorCodes.ServerSetting, failed.Code);
        Assert.StartsWith("ALTER SYSTEM SET wal_level = logical;", failed.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Full_slots_and_senders_are_refused()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["max_replication_slots=1", "max_wal_senders=0"], TestContext.Current.CancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync($"{CreateItems} SELECT pg_create_physical_replication_slot('taken')");
        await using var source = Source(database);

        var report = await CheckAsync(source);

        Assert.Equal(PostgresSourceErrorCodes.NoFreeSlot, Failed(report, "slot").Code);
        Assert.Equal(PostgresSourceErrorCodes.NoFreeSlot, Failed(report, "wal_senders").Code);
    }

    [Theory]
    [InlineData("CREATE TABLE \"Item\" (id bigint PRIMARY KEY)", "table public.item", PostgresSourceErrorCodes.UnknownTable)]
    [InlineData("CREATE UNLOGGED TABLE item (id bigint PRIMARY KEY, name text, version bigint)", "table public.item", PostgresSourceErrorCodes.UnknownTable)]
    [InlineData("CREATE TABLE item (id bigint, name text, version bigint)", "replica_identity public.item", PostgresSourceErrorCodes.ReplicaIdentity)]
    [InlineData("CREATE TABLE item (id bigint, name text, version bigint, PRIMARY KEY (id, version))", "key Items", PostgresSourceErrorCodes.Key)]
    [InlineData("CREATE TABLE item (id bigint PRIMARY KEY, name text, version text)", "columns Items", PostgresWireErrorCodes.ColumnsDoNotFit)]
    public async Task Table_that_cannot_be_followed_is_refused(string create, string check, string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(create);
        await using var source = Source(database);

        Assert.Equal(code, Failed(await CheckAsync(source), check).Code);
    }

    [Theory]
    [InlineData("WHERE (id > 5)", "", "only some rows")]
    [InlineData("(id, version)", "", "not name, which the pipeline reads")]
    [InlineData("(name, version)", "", "not the columns of its replica identity")]
    [InlineData("(id, name, version)", "ALTER TABLE item REPLICA IDENTITY FULL", "not the columns of its replica identity")]
    [InlineData("(id, name, version)", "ALTER TABLE item ADD code int NOT NULL UNIQUE; ALTER TABLE item REPLICA IDENTITY USING INDEX item_code_key", "not the columns of its replica identity")]
    public async Task Publication_of_less_than_what_is_read_is_refused_and_its_fix_widens_that_table_alone(string some, string identity, string why)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "row filters and column lists in a publication");
        await database.ExecuteAsync(
            $"{CreateItems} {identity}; CREATE TABLE other (id bigint PRIMARY KEY, secret text); CREATE PUBLICATION cdcflow_orders FOR TABLE other (id), item {some}");
        await using var source = Source(database);

        var failed = Failed(await CheckAsync(source), "publication");
        Assert.Equal(PostgresSourceErrorCodes.Publication, failed.Code);
        Assert.Contains(why, failed.Sentence, StringComparison.Ordinal);

        await database.ExecuteAsync(failed.Fix!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed && check.Name == "publication");
        var published = await database.QueryAsync("SELECT tablename, array_length(attnames, 1), rowfilter IS NULL FROM pg_publication_tables ORDER BY tablename DESC");
        Assert.Equal(["other", "1", "t"], published[0]);
        Assert.Equal("t", published[1][2]);
    }

    [Fact]
    public async Task Publication_that_lists_the_columns_that_are_read_and_not_others_is_enough()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "column lists in a publication");
        await database.ExecuteAsync(
            "CREATE TABLE item (secret text, id bigint PRIMARY KEY, version bigint NOT NULL, name text) PARTITION BY RANGE (id); "
            + "CREATE TABLE item_1 (id bigint NOT NULL, name text, secret text, version bigint NOT NULL); ALTER TABLE item ATTACH PARTITION item_1 FOR VALUES FROM (0) TO (9); "
            + $"CREATE PUBLICATION {database.Name} FOR TABLE item (id, name, version) WITH (publish_via_partition_root = true); INSERT INTO item VALUES ('s', 1, 1, 'one')");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });

        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status != PreflightStatus.Passed && check.Name != "role");
        await source.OpenAsync();
        await database.ExecuteAsync(
            "INSERT INTO item VALUES ('s', 2, 1, 'two'); UPDATE item SET name = 'uno', version = 2 WHERE id = 1; UPDATE item SET secret = 't'; DELETE FROM item WHERE id = 2; "
            + "INSERT INTO item VALUES ('s', 5, 1, 'last')");
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 5));

        Fold.Of(source.Changes, checksVersions: false).AssertIs(await Fold.TableAsync(database));
        Assert.Empty(source.SchemaChanges);
    }

    [Fact]
    public async Task Publication_of_partitions_by_their_own_names_is_told_what_it_lacks()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); "
            + "CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (9); CREATE PUBLICATION theirs FOR TABLE item");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Publication = "theirs" });

        var failed = Failed(await CheckAsync(source), "publication");
        Assert.Contains("it lacks changes of partitions as those of their root (publish_via_partition_root).", failed.Sentence, StringComparison.Ordinal);

        await database.ExecuteAsync(failed.Fix!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);
    }

    [Fact]
    public async Task Table_that_does_not_fit_is_not_advised_to_be_read_again()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version text)");
        await using var source = Source(database);

        Assert.DoesNotContain("--resnapshot", Failed(await CheckAsync(source), "columns Items").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Primary_key_that_is_checked_at_commit_is_no_replica_identity()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY DEFERRABLE, name text, version bigint NOT NULL)");
        await using var source = Source(database);

        var failed = Failed(await CheckAsync(source), "replica_identity public.item");

        Assert.Equal((PostgresSourceErrorCodes.ReplicaIdentity, "ALTER TABLE \"public\".\"item\" REPLICA IDENTITY FULL;"), (failed.Code, failed.Fix));
    }

    [Fact]
    public async Task Wrong_password_is_an_error_with_its_fix_and_without_the_password()
    {
        const string secret = "not-the-password";
        var database = await shared.CreateAsync();
        var connection = database.Server.ConnectionString(PostgresRole.Cdc with { Password = secret }, database.Name);
        await using var source = new SourceHarness<Item, ItemCodec>(connection, new PostgresSourceAttribute("shop"));

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());

        Assert.Equal((PostgresWireErrorCodes.Server, false), (error.Code, error.IsTransient));
        Assert.Contains("password", error.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error.ToString() + string.Concat(source.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_column_is_a_warning_where_no_server_publishes_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL GENERATED ALWAYS AS (id * 2) STORED)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });

        var report = await CheckAsync(source);

        Assert.DoesNotContain(report.Checks, check => check.Status == PreflightStatus.Failed);
        var warnings = report.Checks.Where(check => check.Status == PreflightStatus.Warning && check.Name != "role").Select(check => check.Code);
        var isPublished = (await database.QueryAsync("SELECT current_setting('server_version_num')::int >= 180000"))[0][0] is "t" or "True";
        Assert.Equal(isPublished ? [] : [PostgresSourceErrorCodes.Column], warnings);
    }

    [Fact, Trait("Validated", "CDCF2004")]
    public async Task Column_that_may_be_null_for_a_property_that_takes_none_is_a_warning_and_none_after_its_statement()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint)");
        await using var source = Source(database);

        var warned = Assert.Single((await CheckAsync(source)).Checks, check => check.Code == ErrorCodes.NullColumn);

        Assert.Equal(PreflightStatus.Warning, warned.Status);
        Assert.Equal("Item.Version takes no null, and public.item has version without NOT NULL: the first NULL stops the pipeline.", warned.Sentence);
        Assert.StartsWith("ALTER TABLE \"public\".\"item\" ALTER COLUMN \"version\" SET NOT NULL;", warned.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync(warned.Fix!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Code == ErrorCodes.NullColumn);
    }

    [Fact]
    public async Task Values_that_an_update_may_lack_are_named_with_the_statement_that_has_them_carried()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(CreateItems);
        await using var source = Source(database);

        var found = Assert.Single((await CheckAsync(source)).Checks, check => check.UnchangedAt is not null);

        Assert.Equal(("Items", PreflightStatus.Passed), (found.UnchangedAt, found.Status));
        Assert.Equal(["Name"], found.Unchanged);
        await database.ExecuteAsync(found.WholeOldRowsBy!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.UnchangedAt is not null);
    }

    [Theory]
    [InlineData("varchar(5)", "text", false)]
    [InlineData("varchar(6)", "text", true)]
    [InlineData("varchar(6)", "int", false)] // no row of it is so long that it had a TOAST table
    [InlineData("varchar(6)", "int) PARTITION BY HASH (id", true)]
    public async Task Values_that_are_never_moved_out_of_their_row_are_none_of_them(string name, string other, bool isNamed)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"CREATE TABLE item (id bigint PRIMARY KEY, name {name} NOT NULL, version int NOT NULL, other {other})");
        await using var source = Source(database);

        Assert.Equal(isNamed, (await CheckAsync(source)).Checks.Any(check => check.UnchangedAt is not null));
    }

    [Theory]
    [InlineData("numeric(26, 2)", false)]
    [InlineData("numeric(27, 2)", true)]
    [InlineData("numeric", true)]
    public async Task Number_of_few_digits_is_never_moved_out_of_its_row(string type, bool isNamed)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, other text)");
        await database.ExecuteAsync($"ALTER TABLE item ADD amount {type}");
        using var connection = PostgresConnection.Open(
            PostgresConnectionSettings.Parse(database.ConnectionString), SessionKind.Sql, TestContext.Current.CancellationToken);
        var columns = TableCatalog.Columns(connection, "'public.item'::regclass");

        Assert.Equal(isNamed, columns.Single(column => column.Name == "amount").MayBeUnchanged);
    }

    [Theory]
    [InlineData("Shop", "lower-case")]
    [InlineData("shop-orders", "lower-case")]
    [InlineData("shöp", "lower-case")]
    [InlineData("a23456789b123456789c123456789d123456789e123456789f123456789g1234", "1 to 63")]
    // Reported of others as an error of the server in the midst of a start (toluaina/pgsync#71, transferwise/pipelinewise-tap-postgres#21).
    public async Task Slot_s_name_that_the_server_would_refuse_is_a_problem_of_the_configuration(string slot, string said)
    {
        var problems = new List<ConfigurationProblem>();
        var settings = new ConnectorSettings("CdcFlow:orders:Sources:shop", key => key == "Slot" ? slot : null, problems);
        await using var source = new PostgresSourceAttribute("shop").CreateConnector(
            new ConnectorContext("orders", "shop", "Host=nowhere;Username=u;Password=p", settings, TimeProvider.System, null!, new RecordingLog()));

        var problem = Assert.Single(problems);
        Assert.Equal((ErrorCodes.ConfigurationValue, "CdcFlow:orders:Sources:shop:Slot"), (problem.Code, problem.Key));
        Assert.StartsWith($"'{slot}' is no name of a replication slot", problem.Sentence, StringComparison.Ordinal);
        Assert.Contains(said, problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Superuser_is_a_warning_and_a_role_of_its_own_is_none()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItems} CREATE PUBLICATION cdcflow_orders FOR TABLE item; GRANT SELECT ON item TO cdc");
        await using var source = Source(database);
        await using var careful = new SourceHarness<Item, ItemCodec>(database.ConnectionStringOf(PostgresRole.Cdc), new PostgresSourceAttribute("shop"));

        Assert.Equal(PostgresWireErrorCodes.Role, Assert.Single((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Warning).Code);
        Assert.DoesNotContain((await CheckAsync(careful)).Checks, check => check.Status != PreflightStatus.Passed);
    }

    [Fact]
    public async Task Policy_that_hides_rows_is_refused_until_the_role_bypasses_it()
    {
        var database = await shared.CreateAsync();
        var role = $"hidden_{database.Name}";
        await database.ExecuteAsync(
            $"{CreateItems} INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1); CREATE ROLE {role} LOGIN REPLICATION; GRANT SELECT ON item TO {role}; "
            + $"ALTER TABLE item ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON item USING (id = 1); CREATE PUBLICATION {database.Name} FOR TABLE item");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name });

        var failed = Failed(await CheckAsync(source), "row_security public.item");
        Assert.Equal(PostgresSourceErrorCodes.Grant, failed.Code);
        await database.ExecuteAsync(failed.Fix!);

        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        Assert.Equal(2, source.Changes.Count);
    }

    [Fact]
    public async Task Settings_of_the_role_end_nothing_and_change_no_value()
    {
        var database = await shared.CreateAsync();
        var role = $"odd_{database.Name}";
        var version = int.Parse((await database.QueryAsync("SHOW server_version_num"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture) / 10_000;
        string?[] settings =
        [
            "statement_timeout = '1ms'", "lock_timeout = '1ms'", "idle_in_transaction_session_timeout = '1ms'", "default_transaction_read_only = on",
            "default_transaction_isolation = 'serializable'", "default_transaction_deferrable = on", "DateStyle = 'German'", "IntervalStyle = 'sql_standard'",
            "TimeZone = 'Asia/Tokyo'", "extra_float_digits = -15", "bytea_output = 'escape'", "row_security = on", "quote_all_identifiers = on", "search_path = 'nowhere'",
            version >= 14 ? "idle_session_timeout = '1s'" : null, version >= 17 ? "transaction_timeout = '1s'" : null,
        ];
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name timestamptz, version bigint NOT NULL); INSERT INTO item VALUES (1, '2026-11-30 12:00Z', 1); "
            + $"CREATE ROLE {role} LOGIN REPLICATION; GRANT SELECT ON item TO {role}; CREATE PUBLICATION {database.Name} FOR TABLE item; "
            + string.Concat(settings.Where(setting => setting is not null).Select(setting => $"ALTER ROLE {role} SET {setting}; ")));
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name });

        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, '2026-11-30 13:00Z', 1)");
        await source.ReadUntilAsync(() => source.Changes.Count == 2);

        Assert.Equal(["2026-11-30 12:00:00+00", "2026-11-30 13:00:00+00"], source.Changes.Select(change => change.After!.Name));
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database) => new(database.ConnectionString, new PostgresSourceAttribute("shop"));

    private static async Task<PreflightReport> CheckAsync(SourceHarness<Item, ItemCodec> source)
    {
        await using var connector = source.Connector();
        return await connector.PreflightAsync(state: null, TestContext.Current.CancellationToken);
    }

    private static PreflightCheck Failed(PreflightReport report, string name) =>
        Assert.Single(report.Checks, check => check.Status == PreflightStatus.Failed && check.Name == name);
}
