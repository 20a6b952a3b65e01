using System.ComponentModel;
using System.Reflection;
using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Tests.Wire;

/// <summary>Both clients do the same with a connection string, and neither passes over a keyword.</summary>
public class ConnectionKeywordsTests(PostgresFixture fixture)
{
    private const string Plain = "Host=127.0.0.1;Username=cdc;SSL Mode=Disable";
    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    private static IEnumerable<PropertyInfo> NpgsqlsKeywords => typeof(NpgsqlConnectionStringBuilder).GetProperties()
        .Where(property => property.GetCustomAttributes().Any(attribute => attribute.GetType().Name == "NpgsqlConnectionStringPropertyAttribute"));

    private static string NameOf(PropertyInfo keyword) => keyword.GetCustomAttribute<DisplayNameAttribute>()!.DisplayName;

    [Fact]
    public void The_matrix_has_every_keyword_of_Npgsql_and_no_other()
    {
        Assert.Equal(
            NpgsqlsKeywords.Select(NameOf).Order(StringComparer.OrdinalIgnoreCase),
            ConnectionKeywords.All.Select(keyword => keyword.Name).Order(StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_is_not_honoured_is_refused_by_name_without_its_value_and_the_string_without_it_is_taken()
    {
        foreach (var keyword in ConnectionKeywords.All.Where(keyword => keyword.Only is not null))
        {
            var property = NpgsqlsKeywords.Single(property => NameOf(property).Equals(keyword.Name, StringComparison.OrdinalIgnoreCase));
            var value = OtherValue(property, keyword.Only!);
            foreach (var client in Enum.GetValues<ConnectionClient>().Where(client => client == ConnectionClient.Source || !keyword.IsHonouredBySink))
            {
                var refusal = Assert.Throws<CdcFlowException>(() => PostgresConnectionSettings.Parse($"{Plain};{keyword.Name}={value}", client));

                Assert.Equal(PostgresWireErrorCodes.ConnectionString, refusal.Code);
                Assert.Equal($"Take these keywords out of it: {keyword.Name}.", refusal.Fix, ignoreCase: true);
                PostgresConnectionSettings.Parse(keyword.Only is "" ? Plain : $"{Plain};{keyword.Name}={keyword.Only}", client);
            }

            if (keyword.IsHonouredBySink)
            {
                PostgresConnectionSettings.Parse($"{Plain};{keyword.Name}={value}", ConnectionClient.Sink);
            }
        }
    }

    [Theory]
    [InlineData("SSL Mode=Disable;Root Certificate=/ca.crt", "Root Certificate")]
    [InlineData("SSL Mode=Require;Root Certificate=/ca.crt", "Root Certificate")]
    [InlineData("SSL Mode=Require;Check Certificate Revocation=true", "Check Certificate Revocation")]
    [InlineData("SSL Mode=Disable;SSL Certificate=/me.crt", "SSL Certificate")]
    [InlineData("SSL Mode=Disable;Channel Binding=Require", "Channel Binding")]
    [InlineData("Require Auth=GSS", "Require Auth")]
    [InlineData("Require Auth=!ScramSHA256,!None", "Require Auth")]
    public void A_keyword_that_could_protect_nobody_is_refused(string keywords, string named)
    {
        var refusal = Assert.Throws<CdcFlowException>(() => PostgresConnectionSettings.Parse($"Host=db;Username=cdc;{keywords}"));

        Assert.Equal(PostgresWireErrorCodes.ConnectionString, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "", null)]
    [InlineData(5, "", null)]
    [InlineData(3, "Require Auth=ScramSHA256", null)]
    [InlineData(3, "Require Auth=!MD5", null)]
    [InlineData(3, "Require Auth=MD5", null)]
    [InlineData(5, "Require Auth=Password", null)]
    [InlineData(0, "Require Auth=ScramSHA256", null)]
    [InlineData(3, "Require Auth=Password", "canary")]
    [InlineData(5, "Require Auth=MD5,Password", "md5")]
    public async Task A_password_is_given_away_only_where_the_string_names_that_and_by_both_clients_alike(byte asked, string requireAuth, string? given)
    {
        foreach (var client in Enum.GetValues<ConnectionClient>())
        {
            var received = "nothing";
            using var server = new FakeServer(stream =>
            {
                FakeServer.ReadPacket(stream);
                stream.Write(FakeServer.Message('R', asked == 5 ? [0, 0, 0, asked, 1, 2, 3, 4] : [0, 0, 0, asked]));
                var (type, body) = FakeServer.ReadMessage(stream);
                received = $"{type}{System.Text.Encoding.UTF8.GetString(body)}";
                stream.Write(FakeServer.Error("FATAL", "28P01", "enough"));
            });
            var text = $"Host=127.0.0.1;Port={server.Port};Username=cdc;Password=canary;Database=app;SSL Mode=Disable;{requireAuth}";

            var refusal = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(text, client));

            server.Dispose();
            Assert.Equal(given is null, received == "nothing");
            Assert.True(given is null || received.StartsWith("p" + given, StringComparison.Ordinal), received);
            Assert.True(given is not null || client == ConnectionClient.Sink || refusal is CdcFlowException { Code: PostgresWireErrorCodes.Authentication }, refusal.ToString());
        }
    }

    [Fact]
    public async Task A_server_that_wants_passwords_as_they_are_gets_them_where_the_string_names_that()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var file = (await server.QueryAsync("SHOW hba_file", cancellationToken: cancellationToken))[0][0];
        await server.ExecuteAsync(
            "SET password_encryption = 'md5'; CREATE ROLE hashed LOGIN PASSWORD 'pw'; CREATE ROLE clear LOGIN PASSWORD 'pw'; "
            + $"COPY (VALUES ('local all all trust'), ('hostssl all hashed all md5'), ('hostssl all clear all password'), ('host all all all scram-sha-256')) TO '{file}'; "
            + "SELECT pg_reload_conf()",
            cancellationToken: cancellationToken);
        foreach (var (role, method) in new[] { ("hashed", "MD5"), ("clear", "Password") })
        {
            var text = server.ConnectionString(new PostgresRole(role, "pw"));
            foreach (var client in Enum.GetValues<ConnectionClient>())
            {
                await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(text, client));
                await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync($"{text};Require Auth=ScramSHA256", client));
                await ConnectAsync($"{text};Require Auth={method}", client);
            }
        }
    }

    [Fact]
    public async Task A_login_is_bound_to_the_channel_where_that_is_required()
    {
        var server = await fixture.ServerAsync();
        foreach (var client in Enum.GetValues<ConnectionClient>())
        {
            await ConnectAsync(server.ConnectionString(PostgresRole.Cdc) + ";Channel Binding=Require", client);
            await ConnectAsync(server.ConnectionString(PostgresRole.Cdc) + ";Channel Binding=Disable;Require Auth=ScramSHA256", client);
        }
    }

    // The authority of a test names nobody who could be asked.
    [Fact]
    public async Task A_certificate_of_which_nobody_says_whether_it_was_revoked_is_refused_where_that_is_asked()
    {
        var server = await fixture.ServerAsync();
        foreach (var client in Enum.GetValues<ConnectionClient>())
        {
            var refusal = await Assert.ThrowsAnyAsync<Exception>(
                () => ConnectAsync(server.ConnectionString(PostgresRole.Cdc) + ";Check Certificate Revocation=true", client));
            Assert.True(client == ConnectionClient.Sink || refusal is CdcFlowException { Code: PostgresWireErrorCodes.Tls }, refusal.ToString());
        }
    }

    private static string OtherValue(PropertyInfo keyword, string only) =>
        keyword.PropertyType == typeof(bool) ? only == "False" ? "True" : "False"
        : keyword.PropertyType == typeof(int) ? "7"
        : keyword.PropertyType.IsEnum ? Enum.GetNames(keyword.PropertyType).First(name => name != only)
        : keyword.Name == nameof(NpgsqlConnectionStringBuilder.TargetSessionAttributes) ? "primary" : "canary";

    private async Task ConnectAsync(string text, ConnectionClient client)
    {
        var settings = PostgresConnectionSettings.Parse(text, client);
        if (client == ConnectionClient.Source)
        {
            PostgresConnection.Open(settings, SessionKind.Sql, cancellationToken).Dispose();
            return;
        }

        var builder = new NpgsqlConnectionStringBuilder(text) { Pooling = false };
        NpgsqlPolicy.Apply(settings, builder);
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(cancellationToken);
    }
}
