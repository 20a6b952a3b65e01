using CdcFlow.TestServers;
using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What keeps a source from starting, and that the SQL of each message lets it start.</summary>
public class StartRefusalTests(SharedServer shared)
{
    private const string CreateParts =
        "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (1000000);";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("WayOut", "CDCF4034"), Trait("WayOut", "CDCF4036")]
    [InlineData("CREATE UNLOGGED TABLE item (id bigint PRIMARY KEY, name text, version bigint)", PostgresSourceErrorCodes.UnknownTable)]
    [InlineData("CREATE TABLE item (id bigint, name text, version bigint)", PostgresSourceErrorCodes.ReplicaIdentity)]
    [InlineData("CREATE TABLE item (id bigint PRIMARY KEY DEFERRABLE, name text, version bigint)", PostgresSourceErrorCodes.ReplicaIdentity)]
    [InlineData(CreateItem + "ALTER TABLE item REPLICA IDENTITY NOTHING", PostgresSourceErrorCodes.ReplicaIdentity)]
    [InlineData(CreateParts + "ALTER TABLE low REPLICA IDENTITY NOTHING", PostgresSourceErrorCodes.ReplicaIdentity)]
    [InlineData(CreateParts + "ALTER TABLE low ADD UNIQUE (id, version); ALTER TABLE low REPLICA IDENTITY USING INDEX low_id_version_key", null)]
    [InlineData(CreateParts + "ALTER TABLE low ALTER name SET NOT NULL; ALTER TABLE low ADD UNIQUE (id, name); ALTER TABLE low REPLICA IDENTITY USING INDEX low_id_name_key", null)]
    [InlineData(CreateParts + "ALTER TABLE low ADD UNIQUE (version, id); ALTER TABLE low REPLICA IDENTITY FULL; ALTER TABLE item REPLICA IDENTITY FULL", null)]
    public async Task Table_that_cannot_be_followed_can_be_after_the_sql_of_the_message(string create, string? code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{create}; INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1)");
        await using var source = ItemsOf(database);
        if (code is not null)
        {
            await database.TakeSqlAsync((await source.StopsTwiceAsync(code)).Fix!);
        }

        await source.RunAsync();
        await database.ExecuteAsync("UPDATE item SET version = 2 WHERE id = 1; DELETE FROM item WHERE id = 2");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4030"), Trait("WayOut", "CDCF4033")]
    public async Task Several_reasons_come_in_one_error_with_the_sql_of_each()
    {
        var database = await shared.CreateAsync();
        var role = $"poor_{database.Name}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN; CREATE SCHEMA hidden; CREATE TABLE hidden.item (id bigint, name text, version bigint NOT NULL); "
            + "ALTER TABLE hidden.item ENABLE ROW LEVEL SECURITY; INSERT INTO hidden.item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name, Table = "hidden.item" });

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.Preflight);
        Assert.All(["CDCF4033", "CDCF4035", "CDCF4036"], code => Assert.Contains(code, error.Fix, StringComparison.Ordinal));
        await database.TakeSqlAsync(error.Fix!);

        await source.RunAsync();
        await source.AssertGoesOnAsync(database, "hidden.item");
    }

    [Theory, Trait("WayOut", "CDCF4033")]
    [InlineData("CREATE ROLE {0} LOGIN; GRANT SELECT ON item TO {0}")]
    [InlineData("CREATE ROLE {0} LOGIN REPLICATION")]
    [InlineData("CREATE ROLE {0} LOGIN REPLICATION; GRANT SELECT (id, name) ON item TO {0}")]
    [InlineData("CREATE ROLE {0} LOGIN REPLICATION; GRANT SELECT ON item TO {0}; ALTER TABLE item ENABLE ROW LEVEL SECURITY")]
    public async Task Role_that_may_not_read_or_replicate_may_after_the_sql_of_the_message(string role)
    {
        var database = await shared.CreateAsync();
        var name = $"poor_{database.Name}";
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); CREATE PUBLICATION {database.Name} FOR TABLE item; {role.Replace("{0}", name, StringComparison.Ordinal)}");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(name, "")), new PostgresSourceAttribute("shop") { Slot = database.Name });

        await database.TakeSqlAsync((await source.StopsTwiceAsync(PostgresSourceErrorCodes.Grant)).Fix!);

        await source.RunAsync();
        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4034")]
    [InlineData("CREATE TABLE \"Item\" (id bigint PRIMARY KEY, name text, version bigint)", "public.Item")]
    [InlineData("CREATE SCHEMA shop; CREATE TABLE shop.item (id bigint PRIMARY KEY, name text, version bigint)", "shop.item")]
    public async Task Table_of_another_name_is_named_and_that_name_is_taken(string create, string table)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(create);
        await using var wrong = ItemsOf(database);
        Assert.Contains($"There is {table};", (await wrong.StopsTwiceAsync(PostgresSourceErrorCodes.UnknownTable)).Fix, StringComparison.Ordinal);

        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Table = table });
        await source.RunAsync();
        await source.AssertGoesOnAsync(database, string.Join('.', table.Split('.').Select(part => $"\"{part}\"")));
    }

    [Theory, Trait("WayOut", "CDCF4035")]
    [InlineData("", "CREATE PUBLICATION shared FOR TABLE other", "shared")]
    [InlineData("", "CREATE PUBLICATION shared FOR TABLE item, other WITH (publish = 'insert')", "shared")]
    [InlineData("", "CREATE PUBLICATION shared FOR TABLE item WHERE (id > 5), other", "shared")]
    [InlineData("", "CREATE PUBLICATION shared FOR TABLE other, item (id, version)", "shared")]
    [InlineData("poor", "SELECT", null)]
    [InlineData("poor", "CREATE PUBLICATION {0} FOR TABLE other", null)]
    [InlineData("poor", "CREATE PUBLICATION {0} FOR TABLE item WITH (publish = 'update')", null)]
    public async Task Publication_that_publishes_too_little_publishes_all_after_the_sql_of_the_message(string role, string create, string? publication)
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "row filters and column lists");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); CREATE TABLE other (id int PRIMARY KEY); {create.Replace("{0}", database.Name, StringComparison.Ordinal)}");
        var login = PostgresRole.Superuser;
        if (role.Length > 0)
        {
            login = new PostgresRole($"{role}_{database.Name}", "");
            await database.ExecuteAsync($"CREATE ROLE {login.Name} LOGIN REPLICATION; GRANT SELECT ON item TO {login.Name}");
        }

        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(login), new PostgresSourceAttribute("shop") { Slot = database.Name, Publication = publication });

        await database.TakeSqlAsync((await source.StopsTwiceAsync(PostgresSourceErrorCodes.Publication)).Fix!);

        await source.RunAsync();
        await database.ExecuteAsync("UPDATE item SET version = 2");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4037")]
    public async Task Row_type_s_key_is_put_where_the_message_says()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint, name text, version bigint PRIMARY KEY); INSERT INTO item VALUES (1, 'one', 7)");
        await using var wrong = ItemsOf(database);
        var error = await wrong.StopsTwiceAsync(PostgresSourceErrorCodes.Key);
        Assert.EndsWith(
            "Put [Key] on the properties of exactly: version. Or give the table the key of the row type: ALTER TABLE \"public\".\"item\" DROP CONSTRAINT \"item_pkey\", ADD PRIMARY KEY (\"id\");",
            error.Message, StringComparison.Ordinal);

        await using var source = Of<Item, VersionKeyCodec>(database);
        await source.RunAsync();
        await database.ExecuteAsync("DELETE FROM item; INSERT INTO item VALUES (1, 'one', 8)");
        await source.RunAsync();
        Assert.Equal([7, 7, 8], source.Changes.Select(change => change.Row.Version));
    }

    [Fact, Trait("WayOut", "CDCF4038")]
    public async Task Rows_that_the_log_names_by_a_generated_column_are_named_by_others_as_the_message_says()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (half bigint, id bigint GENERATED ALWAYS AS (half * 2) STORED PRIMARY KEY, name text, version bigint NOT NULL UNIQUE); INSERT INTO item VALUES (1, DEFAULT, 'one', 7)");
        Assert.SkipWhen((await database.QueryAsync("SHOW server_version_num"))[0][0]!.StartsWith("18", StringComparison.Ordinal), "PostgreSQL 18 publishes stored generated columns.");
        await using var wrong = ItemsOf(database);
        var error = await wrong.StopsTwiceAsync(PostgresSourceErrorCodes.Column);
        Assert.Contains("with [Key] on their properties (version)", error.Fix, StringComparison.Ordinal);

        await database.TakeSqlAsync(error.Fix!);
        await using var source = Of<Item, VersionKeyCodec>(database);
        await source.RunAsync();
        await database.ExecuteAsync("DELETE FROM item; INSERT INTO item VALUES (2, DEFAULT, 'two', 8)");
        await source.RunAsync();
        Assert.Equal([7, 7, 8], source.Changes.Select(change => change.Row.Version));
    }

    [Fact, Trait("WayOut", "CDCF4031")]
    public async Task Server_is_made_to_log_logically_by_the_sql_of_the_message_and_a_standby_is_left_for_its_primary()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await database.ExecuteAsync("ALTER SYSTEM SET wal_level = replica");
        await RestartAsync(server);
        await using var source = ItemsOf(database);

        await database.TakeSqlAsync((await source.StopsTwiceAsync(PostgresSourceErrorCodes.ServerSetting)).Fix!);
        await RestartAsync(server);
        await source.RunAsync();

        await using var standby = await server.StartStandbyAsync(Cancellation);
        await using var wrong = ItemsOf(new TestDatabase(standby, "app"));
        Assert.Contains("Connect to the primary.", (await wrong.StopsTwiceAsync(PostgresSourceErrorCodes.ServerSetting)).Fix, StringComparison.Ordinal);
        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4032")]
    [InlineData("max_replication_slots")]
    [InlineData("max_wal_senders")]
    public async Task Server_gets_room_for_the_slot_by_the_sql_of_the_message(string setting)
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await database.ExecuteAsync($"ALTER SYSTEM SET {setting} = 0");
        await RestartAsync(server);
        await using var source = ItemsOf(database);

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.NoFreeSlot);
        Assert.Contains(setting, error.Fix, StringComparison.Ordinal);
        await database.TakeSqlAsync(error.Fix!);
        await RestartAsync(server);

        await source.RunAsync();
        await source.AssertGoesOnAsync(database);
    }

    private static async Task RestartAsync(PostgresServer server)
    {
        await server.StopAsync(Cancellation);
        await server.StartAgainAsync(Cancellation);
    }
}
