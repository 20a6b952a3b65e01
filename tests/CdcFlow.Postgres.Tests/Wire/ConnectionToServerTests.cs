using System.Text;
using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Tests.Wire;

public class ConnectionToServerTests(PostgresFixture fixture)
{
    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_in_by_scram_over_verified_tls_and_pins_how_values_are_written()
    {
        var server = await fixture.ServerAsync();
        await server.ExecuteAsync("ALTER ROLE cdc SET DateStyle = 'German'", cancellationToken: cancellationToken);

        using var connection = Open(server.ConnectionString(PostgresRole.Cdc));

        Assert.Equal("2026-11-22 00:00:00+00", connection.Query("SELECT timestamptz '2026-11-22 00:00Z'").Scalar);
        Assert.Equal("t", connection.Query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").Scalar);
        Assert.True(connection.ServerVersion >= 13);
    }

    [Fact]
    public async Task Copied_rows_arrive_as_the_server_sends_them_and_the_connection_is_free_afterwards()
    {
        var server = await fixture.ServerAsync();
        using var connection = Open(server.SocketConnectionString(PostgresRole.Cdc));

        var reader = connection.CopyOut("COPY (SELECT i, CASE WHEN i % 2 = 0 THEN 'v' || i END FROM generate_series(1, 3) i) TO STDOUT (FORMAT binary)");
        var rows = new List<string>();
        while (reader.Read(out var row))
        {
            rows.Add($"{Convert.ToHexString(row[0])} {(row.IsNull(1) ? "null" : Encoding.UTF8.GetString(row[1]))}");
        }

        Assert.Equal(["00000001 null", "00000002 v2", "00000003 null"], rows);
        Assert.Equal("1", connection.Query("SELECT 1").Scalar);
    }

    private PostgresConnection Open(string connectionString) =>
        PostgresConnection.Open(PostgresConnectionSettings.Parse(connectionString), SessionKind.Sql, cancellationToken);
}
