using CdcFlow.Postgres.Wire;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A sink that cannot log in: what it says, that the check before the start says the same, that it gives nothing away, and that what it says helps.</summary>
/// <remarks>Reported of other programs: that a handshake failed, and not why (npgsql/npgsql#6376); that nothing was said of a wrong password (confluentinc/kafka-connect-jdbc#963);
/// that the line which pg_hba.conf lacks was missed at a run only (estuary/connectors#198).</remarks>
public sealed class LoginTests(SinkServer server)
{
    private static readonly string app = $"Username={PostgresRole.App.Name};Password={PostgresRole.App.Password}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("WayOut", "CDCF5024")]
    public async Task Server_whose_certificate_nobody_vouches_for_is_reached_once_its_authority_is_named()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var root = database.ConnectionString[database.ConnectionString.IndexOf(";Root Certificate", StringComparison.Ordinal)..];
        var error = await RefusedTwiceAsync(database.ConnectionString.Replace(root, "", StringComparison.Ordinal), PostgresSinkErrors.Tls);
        Assert.Contains($"no TLS to localhost:{database.Server.Port}: the server's certificate is not signed by a trusted authority", error.Happened, StringComparison.Ordinal);
        Assert.StartsWith("Name the authority's certificate in the connection string (Root Certificate=…)", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(database, database.ConnectionString);
    }

    [Fact]
    [Trait("WayOut", "CDCF5024")]
    public async Task Certificate_of_another_host_is_told_from_one_that_nobody_signed_and_taken_where_the_string_says_so()
    {
        await using var own = await OwnAsync();
        using var certificates = new TestCertificates();
        var issued = certificates.Issue("elsewhere", ["elsewhere.example"]);
        await ReplaceAsync(own, "ssl_key_file", issued.PrivateKeyPem);
        await ReplaceAsync(own, "ssl_cert_file", issued.CertificatePem);
        await own.ExecuteAsync("SELECT pg_reload_conf()", cancellationToken: Cancellation);
        var root = Path.Combine(Path.GetDirectoryName(own.RootCertificateFile)!, "other.crt");
        await File.WriteAllTextAsync(root, certificates.AuthorityPem, Cancellation);
        var text = own.ConnectionString(PostgresRole.App).Replace(own.RootCertificateFile, root, StringComparison.Ordinal);
        CdcFlowException error;
        do
        {
            error = await RefusedTwiceAsync(text, PostgresSinkErrors.Tls);
        }
        while (error.Happened.Contains("not signed", StringComparison.Ordinal)); // until the server has read its new files

        Assert.EndsWith("the server's certificate does not name 'localhost'.", error.Happened, StringComparison.Ordinal);
        Assert.Contains("accept a server that nobody vouches for in plain words: SSL Mode=Require, without Root Certificate", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(new TestDatabase(own, PostgresServer.DefaultDatabase), text.Split(";SSL Mode")[0] + ";SSL Mode=Require");
    }

    [Fact]
    [Trait("WayOut", "CDCF5024")]
    public async Task Server_without_tls_is_spoken_to_in_the_clear_where_the_string_says_so()
    {
        await using var own = await OwnAsync();
        await own.ExecuteAsync("ALTER SYSTEM SET ssl = off", cancellationToken: Cancellation);
        await own.StopAsync(Cancellation);
        await own.StartAgainAsync(Cancellation);
        var error = await RefusedTwiceAsync(own.ConnectionString(PostgresRole.App), PostgresSinkErrors.Tls);
        Assert.EndsWith("the server offers none.", error.Happened, StringComparison.Ordinal);
        Assert.Contains("accept an open connection in plain words: SSL Mode=Disable", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(new TestDatabase(own, PostgresServer.DefaultDatabase), own.ConnectionString(PostgresRole.App).Split(";SSL Mode")[0] + ";SSL Mode=Disable");
    }

    [Fact]
    [Trait("WayOut", "CDCF5024")]
    public async Task Root_certificate_that_cannot_be_read_is_named()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var error = await RefusedTwiceAsync(database.ConnectionString + ".missing", PostgresSinkErrors.Tls);
        Assert.Contains($"'{database.Server.RootCertificateFile}.missing' cannot be read", error.Happened, StringComparison.Ordinal);
        Assert.StartsWith("Name a readable PEM file", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(database, database.ConnectionString);
    }

    [Fact]
    [Trait("WayOut", "CDCF5002")]
    public async Task Database_that_does_not_exist_is_created_by_the_statement()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var other = database with { Name = database.Name + "_other" };
        var error = await RefusedTwiceAsync(other.ConnectionString, PostgresSinkErrors.Server);
        Assert.Contains($"database \"{other.Name}\" does not exist", error.Happened, StringComparison.Ordinal);
        Assert.EndsWith("(SQLSTATE 3D000).", error.Happened, StringComparison.Ordinal);
        Assert.StartsWith($"CREATE DATABASE \"{other.Name}\";", error.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync($"CREATE DATABASE \"{other.Name}\"");
        await other.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {PostgresRole.App.Name}; GRANT CREATE ON DATABASE \"{other.Name}\" TO {PostgresRole.App.Name}");
        await WrittenAsync(other, other.ConnectionString);
    }

    [Fact]
    [Trait("WayOut", "CDCF5002")]
    public async Task Password_that_is_wrong_is_set_by_the_statement()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var role = $"role_{database.Name}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'before'; GRANT ALL ON SCHEMA public TO {role}");
        var text = database.ConnectionString.Replace(app, $"Username={role};Password=s3cret", StringComparison.Ordinal);
        var error = await RefusedTwiceAsync(text, PostgresSinkErrors.Server);
        Assert.Contains("(SQLSTATE 28P01)", error.Happened, StringComparison.Ordinal);
        var statement = $"ALTER ROLE \"{role}\" PASSWORD '…';";
        Assert.Contains(statement, error.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync(statement.Replace("…", "s3cret", StringComparison.Ordinal));
        await WrittenAsync(database, text);
    }

    [Fact]
    [Trait("WayOut", "CDCF5002")]
    public async Task Role_that_does_not_exist_is_created_by_the_statement()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var role = $"new_{database.Name}";
        var text = database.ConnectionString.Replace(app, $"Username={role};Password=s3cret", StringComparison.Ordinal);
        var error = await RefusedTwiceAsync(text, PostgresSinkErrors.Server);
        var statement = $"CREATE ROLE \"{role}\" LOGIN PASSWORD '…';";
        Assert.Contains(statement, error.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync(statement.Replace("…", "s3cret", StringComparison.Ordinal) + $" GRANT ALL ON SCHEMA public TO {role}");
        await WrittenAsync(database, text);
    }

    [Fact]
    [Trait("WayOut", "CDCF5002")]
    public async Task Role_that_pg_hba_does_not_let_in_is_let_in_by_the_line()
    {
        await using var own = await OwnAsync();
        var file = (await own.QueryAsync("SHOW hba_file", cancellationToken: Cancellation))[0][0]!;
        await own.ExecuteAsync($"COPY (VALUES ('local all all trust'), ('hostssl other all all scram-sha-256')) TO '{file}'; SELECT pg_reload_conf()", cancellationToken: Cancellation);
        CdcFlowException error;
        do
        {
            error = await RefusedTwiceAsync(own.ConnectionString(PostgresRole.App), code: null);
        }
        while (error.Code == ""); // until the server has read its file

        Assert.Contains("(SQLSTATE 28000)", error.Happened, StringComparison.Ordinal);
        var line = "hostssl \"app\" \"app\" ADDRESS scram-sha-256";
        Assert.Contains(line, error.Fix, StringComparison.Ordinal);
        await own.ExecuteAsync(
            $"COPY (VALUES ('local all all trust'), ('{line.Replace("ADDRESS", "samehost", StringComparison.Ordinal)}')) TO '{file}'; SELECT pg_reload_conf()", cancellationToken: Cancellation);
        while (await CodeOfAsync(own.ConnectionString(PostgresRole.App)) is not null)
        {
        }

        await WrittenAsync(new TestDatabase(own, PostgresServer.DefaultDatabase), own.ConnectionString(PostgresRole.App));
    }

    [Theory]
    [InlineData("LOGIN CONNECTION LIMIT 0", "53300", "CONNECTION LIMIT -1;")]
    [InlineData("NOLOGIN", "28000", "LOGIN;")]
    [Trait("WayOut", "CDCF5002")]
    public async Task Role_that_may_not_connect_may_after_the_statement(string options, string state, string end)
    {
        var database = await server.DatabaseAsync(Cancellation);
        var role = $"role_{database.Name}";
        await database.ExecuteAsync($"CREATE ROLE {role} {options} PASSWORD 's3cret'; GRANT ALL ON SCHEMA public TO {role}");
        var text = database.ConnectionString.Replace(app, $"Username={role};Password=s3cret", StringComparison.Ordinal);
        var error = await RefusedTwiceAsync(text, PostgresSinkErrors.Server);
        Assert.Contains($"(SQLSTATE {state})", error.Happened, StringComparison.Ordinal);
        Assert.Equal(state == "53300", error.IsAway);
        var statement = $"ALTER ROLE \"{role}\" {end}";
        Assert.Contains(statement, error.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync(statement);
        await WrittenAsync(database, text);
    }

    [Fact]
    [Trait("WayOut", "CDCF5027")]
    public async Task Password_that_is_missing_is_added()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var error = await RefusedTwiceAsync(database.ConnectionString.Replace($"Password={PostgresRole.App.Password};", "", StringComparison.Ordinal), PostgresSinkErrors.Login);
        Assert.Contains("as role \"app\"", error.Happened, StringComparison.Ordinal);
        Assert.StartsWith("Add Password=… to the connection string", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(database, database.ConnectionString);
    }

    [Fact]
    [Trait("WayOut", "CDCF5027")]
    public async Task Login_that_the_string_does_not_allow_is_named_in_it()
    {
        var database = await server.DatabaseAsync(Cancellation);
        var error = await RefusedTwiceAsync(database.ConnectionString + ";Require Auth=MD5", PostgresSinkErrors.Login);
        Assert.EndsWith("name the login that it asks for in the connection string: Require Auth=….", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(database, database.ConnectionString + ";Require Auth=ScramSHA256");
    }

    [Theory]
    [InlineData("Port=1", "localhost:1 failed: nothing listens there.")]
    [InlineData("Host=no-such-host.invalid", "failed: the host name is unknown.")]
    [Trait("WayOut", "CDCF5001")]
    public async Task Server_that_is_not_there_is_named_with_its_place(string wrong, string said)
    {
        var database = await server.DatabaseAsync(Cancellation);
        var keyword = wrong.Split('=')[0];
        var right = database.ConnectionString.Split(';').First(part => part.StartsWith(keyword, StringComparison.Ordinal));
        var error = await RefusedTwiceAsync(database.ConnectionString.Replace(right, wrong, StringComparison.Ordinal), PostgresSinkErrors.Transport);
        Assert.EndsWith(said, error.Happened, StringComparison.Ordinal);
        Assert.True(error is { IsTransient: true, IsAway: true });
        Assert.Contains("check Host and Port in the connection string", error.Fix, StringComparison.Ordinal);
        await WrittenAsync(database, database.ConnectionString);
    }

    [Fact]
    [Trait("WayOut", "CDCF5025")]
    public async Task Standby_is_told_before_it_is_written_to_and_taken_once_it_is_promoted()
    {
        await using var primary = await OwnAsync();
        await using var standby = await primary.StartStandbyAsync(Cancellation);
        var text = standby.ConnectionString(PostgresRole.App);
        var error = await RefusedTwiceAsync(text, PostgresSinkErrors.ReadOnly);
        Assert.Contains("the server is a standby", error.Happened, StringComparison.Ordinal);
        Assert.True(error is { IsTransient: true, IsAway: true });
        Assert.Contains("SELECT pg_promote();", error.Fix, StringComparison.Ordinal);
        await standby.ExecuteAsync("SELECT pg_promote();", cancellationToken: Cancellation);
        await WrittenAsync(new TestDatabase(standby, PostgresServer.DefaultDatabase), text);
    }

    private static async Task<PostgresServer> OwnAsync()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        return await PostgresServer.StartAsync(cancellationToken: Cancellation);
    }

    private static async Task ReplaceAsync(PostgresServer own, string setting, string pem)
    {
        var file = Path.Combine((await own.QueryAsync("SHOW data_directory", cancellationToken: Cancellation))[0][0]!, (await own.QueryAsync($"SHOW {setting}", cancellationToken: Cancellation))[0][0]!);
        await own.ExecuteAsync($"COPY (VALUES {string.Join(", ", pem.ReplaceLineEndings("\n").Trim().Split('\n').Select(line => $"('{line}')"))}) TO '{file}'", cancellationToken: Cancellation);
    }

    /// <summary>Opens twice, and asks the check before: all say the same. No part of it has the password.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="code">The code; null: any, and an error without one where there was none.</param>
    private static async Task<CdcFlowException> RefusedTwiceAsync(string connectionString, string? code)
    {
        await using var refused = new SinkInstance<Account, AccountCodec>(connectionString, 1);
        if (code is null && await CodeOfAsync(connectionString) is null)
        {
            return new CdcFlowException("", "");
        }

        await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
        var error = await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync);
        Assert.True(code is null || error.Code == code, error.ToString());
        var said = error.IsTransient
            ? await Assert.ThrowsAsync<CdcFlowException>(refused.ProblemsAsync)
            : Assert.Single(await refused.ProblemsAsync()) is var check ? new CdcFlowException(check.Code!, check.Sentence, check.Fix) : null!;
        Assert.Equal((error.Code, error.Happened, error.Fix), (said.Code, said.Happened, said.Fix));
        var password = PostgresConnectionSettings.Parse(connectionString, ConnectionClient.Sink).Password;
        Assert.True(password is null || !error.ToString().Contains(password, StringComparison.Ordinal), "The password is in the message.");
        return error;
    }

    private static async Task<string?> CodeOfAsync(string connectionString)
    {
        await using var sink = new SinkInstance<Account, AccountCodec>(connectionString, 1);
        try
        {
            await sink.OpenAsync();
            return null;
        }
        catch (CdcFlowException error)
        {
            return error.Code;
        }
    }

    private static async Task WrittenAsync(TestDatabase database, string connectionString)
    {
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(connectionString, 2);
        await sink.InsertAsync(new Account(1, "Ada", 10.50m, null));
        await sink.CheckpointAsync(2);
        Assert.Equal([["1", "Ada"]], await database.QueryAsync("SELECT id, owner FROM accounts"));
    }
}
