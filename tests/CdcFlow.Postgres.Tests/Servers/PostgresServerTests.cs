using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Tests.Servers;

public class PostgresServerTests
{
    [Fact]
    public async Task Data_survive_kill_and_every_role_logs_in_over_verified_tls()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await PostgresServer.StartAsync(["max_wal_senders=3"], cancellationToken);
        await server.ExecuteAsync("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)", cancellationToken: cancellationToken);

        await server.KillAsync(cancellationToken);
        await server.StartAgainAsync(cancellationToken);

        Assert.Equal("7", (await server.QueryAsync("SELECT id FROM kept", cancellationToken: cancellationToken))[0][0]);
        Assert.Equal("3", (await server.QueryAsync("SHOW max_wal_senders", cancellationToken: cancellationToken))[0][0]);
        foreach (var role in new[] { PostgresRole.Superuser, PostgresRole.Cdc, PostgresRole.App })
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString(role) + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
        }
    }
}
