using System.Text;
using CdcFlow.Configuration;
using CdcFlow.TestServers;
using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Connections that are refused, or that fail with whatever they are asked, and what each message says to do about them.</summary>
public class ConnectionRefusalTests(SharedServer shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Trait("WayOut", "CDCF4003")]
    [InlineData("SSL Mode=Prefer", "Say which it is: SSL Mode=VerifyFull, VerifyCA, Require or Disable.", "SSL Mode=VerifyFull")]
    [InlineData("SSL Mode=VerifyFull;Maximum Pool Size=5", "Take these keywords out of it: Maximum Pool Size.", "SSL Mode=VerifyFull")]
    [InlineData("SSL Mode=Require", "Take Root Certificate out, or verify the server: SSL Mode=VerifyFull.", "SSL Mode=VerifyFull")]
    public Task Connection_string_that_is_not_taken_is_taken_as_the_message_says(string keywords, string advice, string written) =>
        AssertGoesOnAsync(PostgresWireErrorCodes.ConnectionString, text => With(text, keywords), advice, text => With(text, written));

    [Theory, Trait("WayOut", "CDCF4005")]
    [InlineData("Root Certificate=")]
    [InlineData("SSL Mode=Require")]
    public Task Server_that_no_known_authority_vouches_for_is_spoken_to_as_the_message_says(string way) => AssertGoesOnAsync(
        PostgresWireErrorCodes.Tls, WithoutRoot, way, text => way.EndsWith('=') ? text : With(WithoutRoot(text), way));

    [Fact, Trait("WayOut", "CDCF4005")]
    public async Task Server_without_tls_is_spoken_to_in_the_clear_where_the_string_says_so()
    {
        var database = await OwnAsync();
        await database.ExecuteAsync("ALTER SYSTEM SET ssl = off");
        await database.ExecuteAsync("SELECT pg_reload_conf()");
        while ((await database.QueryAsync("SHOW ssl"))[0][0] != "off")
        {
        }

        await AssertGoesOnAsync(database, PostgresWireErrorCodes.Tls, text => text, "SSL Mode=Disable", text => With(WithoutRoot(text), "SSL Mode=Disable"));
        await database.Server.DisposeAsync();
    }

    [Theory, Trait("WayOut", "CDCF4006")]
    [InlineData("Require Auth=MD5")]
    [InlineData("SET password_encryption = 'scram-sha-256'; ALTER ROLE \"hashed\" PASSWORD '…';")]
    public async Task Password_that_would_be_given_away_is_hashed_anew_or_the_login_is_named(string way)
    {
        var database = await OwnAsync();
        var file = (await database.QueryAsync("SHOW hba_file"))[0][0]!;
        await database.ExecuteAsync("SET password_encryption = 'md5'; CREATE ROLE hashed LOGIN SUPERUSER PASSWORD 'pw'");
        await LoginsAsync("md5");
        var role = new PostgresRole("hashed", "pw");
        await using var source = new SourceHarness<Item, ItemCodec>(database.Server.ConnectionString(role), new PostgresSourceAttribute("shop"));

        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.Authentication);
        Assert.Contains(way, error.Fix, StringComparison.Ordinal);
        if (way.StartsWith("SET", StringComparison.Ordinal))
        {
            Assert.Contains("scram-sha-256 in its line of pg_hba.conf", error.Fix, StringComparison.Ordinal);
            await database.ExecuteAsync(way.Replace("…", "pw", StringComparison.Ordinal));
            await LoginsAsync("scram-sha-256");
        }

        var text = database.Server.ConnectionString(role) + (way.StartsWith("Require", StringComparison.Ordinal) ? ";" + way : "");
        await using var freed = new SourceHarness<Item, ItemCodec>(text, new PostgresSourceAttribute("shop"));
        await freed.RunAsync();
        await freed.AssertGoesOnAsync(database);
        await database.Server.DisposeAsync();

        Task LoginsAsync(string method) => database.ExecuteAsync(
            $"COPY (VALUES ('local all all trust'), ('hostssl all hashed all {method}'), ('host all all all scram-sha-256')) TO '{file}'; SELECT pg_reload_conf()");
    }

    [Fact, Trait("WayOut", "CDCF4006")]
    public Task Password_that_is_missing_is_added() => AssertGoesOnAsync(
        PostgresWireErrorCodes.Authentication, text => text.Replace($"Password={PostgresRole.Superuser.Password};", "", StringComparison.Ordinal), "Add Password=", text => text);

    [Fact, Trait("WayOut", "CDCF4004")]
    public async Task Stream_that_something_rewrites_on_its_way_is_read_from_the_server_itself()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        using var rewriting = new Relay(database.Server, rewrite: Garble).Start();
        await using var wrong = new SourceHarness<Item, ItemCodec>(rewriting.ConnectionString(database.Name), new PostgresSourceAttribute("shop") { Slot = database.Name });
        wrong.Checkpoints.AddRange(source.Checkpoints);

        var error = await wrong.StopsTwiceAsync(PostgresWireErrorCodes.Protocol);
        Assert.Contains("nothing between rewrites the stream", error.Fix, StringComparison.Ordinal);
        Assert.Contains($"SELECT pg_drop_replication_slot('{database.Name}'); and start once with `run --resnapshot lost`", error.Fix, StringComparison.Ordinal);
        await source.AssertGoesOnAsync(database);

        // The kind of a message of the log.
        static void Garble(Memory<byte> message)
        {
            if (message.Span is [(byte)'d', _, _, _, _, (byte)'w', ..] span)
            {
                span[5] = (byte)'x';
            }
        }
    }

    [Fact, Trait("WayOut", "CDCF4013")]
    public async Task Pooler_is_gone_round_by_the_address_of_the_server()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        var fatal = "SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: search_path\0\0"u8.ToArray();
        using var pooler = new Relay(database.Server, packet => Encoding.Latin1.GetString(packet).Contains("search_path", StringComparison.Ordinal) ? [(byte)'E', 0, 0, 0, (byte)(fatal.Length + 4), .. fatal] : null).Start();
        await using var wrong = new SourceHarness<Item, ItemCodec>(pooler.ConnectionString(database.Name), new PostgresSourceAttribute("shop") { Slot = database.Name });

        var error = await wrong.StopsTwiceAsync(PostgresWireErrorCodes.Pooler);
        Assert.StartsWith("Give host and port of PostgreSQL itself", error.Fix, StringComparison.Ordinal);

        await using var source = await FinishedAsync(database);
        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4017")]
    [InlineData("SET client_min_messages = notice", true)]
    [InlineData("", false)]
    public async Task Event_trigger_that_talks_without_end_is_found_by_what_the_message_says_and_one_that_only_talks_much_stops_nothing(string setting, bool isLoud)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); CREATE FUNCTION talk() RETURNS event_trigger LANGUAGE plpgsql {setting} "
            + "AS $$ BEGIN FOR i IN 1..12000 LOOP RAISE NOTICE 'hello'; END LOOP; END $$; CREATE EVENT TRIGGER talk ON ddl_command_end EXECUTE FUNCTION talk()");
        await using var source = ItemsOf(database);
        if (isLoud)
        {
            var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.EndlessAnswer);
            Assert.Contains("what extensions and event triggers it has", error.Fix, StringComparison.Ordinal);
            foreach (var trigger in await database.QueryAsync("SELECT evtname FROM pg_event_trigger"))
            {
                await database.ExecuteAsync($"ALTER EVENT TRIGGER {trigger[0]} DISABLE");
            }
        }

        await source.RunAsync();
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4014")]
    public async Task Role_that_may_too_much_or_writes_money_its_own_way_is_none_after_the_sql_of_the_message()
    {
        var database = await shared.CreateAsync();
        var role = $"cdc_{database.Name}";
        await database.ExecuteAsync($"{CreateItem} CREATE PUBLICATION {database.Name} FOR TABLE item");
        await using var wide = ItemsOf(database);
        var warning = Assert.Single((await wide.CheckAsync()).Checks, check => check.Status != PreflightStatus.Passed);
        Assert.Equal(PostgresWireErrorCodes.Role, warning.Code);
        var sql = warning.Fix![warning.Fix!.IndexOf("CREATE ROLE", StringComparison.Ordinal)..]
            .Replace("ROLE cdc", $"ROLE {role}", StringComparison.Ordinal).Replace("TO cdc", $"TO {role}", StringComparison.Ordinal);
        await database.ExecuteAsync(sql.Replace("'…'", "'secret'", StringComparison.Ordinal).Replace("…", "item", StringComparison.Ordinal));
        await database.ExecuteAsync($"ALTER ROLE {role} SET lc_monetary = 'C'");
        await using var own = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "secret")), new PostgresSourceAttribute("shop") { Slot = database.Name });

        warning = Assert.Single((await own.CheckAsync()).Checks, check => check.Status != PreflightStatus.Passed);
        Assert.Equal(PostgresWireErrorCodes.Role, warning.Code);
        await database.TakeSqlAsync(warning.Fix!);
        Assert.DoesNotContain((await own.CheckAsync()).Checks, check => check.Status != PreflightStatus.Passed);
    }

    [Fact, Trait("WayOut", "CDCF4018")]
    public async Task Folder_that_cannot_be_written_is_exchanged_for_one_that_can()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(14, "streaming of transactions in progress");
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name }) { Budget = new Batches.MemoryBudget(8 << 20) };
        await source.RunAsync();
        await database.ExecuteAsync("INSERT INTO item SELECT i, repeat('x', 1000), 1 FROM generate_series(10, 6000) i");
        var file = Path.GetTempFileName();
        source.Configuration["SpillFolder"] = Path.Combine(file, "spill");

        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.SpillFolder);
        Assert.Equal("Set SpillFolder to a folder that the program's user may write.", error.Fix);
        File.Delete(file);
        source.Configuration["SpillFolder"] = Path.GetTempPath();
        await source.AssertGoesOnAsync(database);
    }

    private async Task AssertGoesOnAsync(string code, Func<string, string> wrong, string advice, Func<string, string> right)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await AssertGoesOnAsync(database, code, wrong, advice, right);
    }

    private static async Task AssertGoesOnAsync(TestDatabase database, string code, Func<string, string> wrong, string advice, Func<string, string> right)
    {
        var text = database.Server.ConnectionString(PostgresRole.Superuser, database.Name);
        await using var refused = new SourceHarness<Item, ItemCodec>(wrong(text), new PostgresSourceAttribute("shop") { Slot = database.Name });
        Assert.Contains(advice, (await refused.StopsTwiceAsync(code)).Message, StringComparison.Ordinal);

        await using var source = new SourceHarness<Item, ItemCodec>(right(text), new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.RunAsync();
        await source.AssertGoesOnAsync(database);
    }

    private static async Task<TestDatabase> OwnAsync()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var database = new TestDatabase(await PostgresServer.StartAsync(cancellationToken: Cancellation), PostgresServer.DefaultDatabase);
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        return database;
    }

    private static string With(string text, string keywords) => text.Replace("SSL Mode=VerifyFull", keywords, StringComparison.Ordinal);

    private static string WithoutRoot(string text) => string.Join(';', text.Split(';').Where(part => !part.StartsWith("Root Certificate", StringComparison.Ordinal)));
}
