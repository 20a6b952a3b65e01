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

    [Fact]
    public async Task A_wrong_password_is_the_servers_refusal_with_a_fix_and_without_the_password()
    {
        var server = await fixture.ServerAsync();

        var refusal = Assert.Throws<PostgresServerException>(() => Open(server.ConnectionString(PostgresRole.Cdc with { Password = "canary" })));

        Assert.Equal("28P01", refusal.SqlState);
        Assert.False(refusal.IsTransient);
        Assert.Contains("ALTER ROLE", refusal.Fix);
        Assert.DoesNotContain("canary", refusal.ToString());
    }

    [Fact]
    public async Task After_an_error_the_connection_goes_on_even_in_the_middle_of_a_copy()
    {
        var server = await fixture.ServerAsync();
        using var connection = Open(server.ConnectionString(PostgresRole.Cdc));

        Assert.Equal("42703", Assert.Throws<PostgresServerException>(() => connection.Query("SELECT nothing")).SqlState);
        Assert.Equal("22012", Assert.Throws<PostgresServerException>(() =>
        {
            var reader = connection.CopyOut("COPY (SELECT 1 / (500 - i) FROM generate_series(1, 1000) i) TO STDOUT (FORMAT binary)");
            while (reader.Read(out _))
            {
            }
        }).SqlState);
        Assert.Equal("42P01", Assert.Throws<PostgresServerException>(() => connection.CopyOut("COPY nowhere TO STDOUT (FORMAT binary)")).SqlState);
        Assert.Equal("1", connection.Query("SELECT 1").Scalar);
    }

    [Fact]
    public async Task A_row_larger_than_the_receive_buffer_arrives_whole()
    {
        var server = await fixture.ServerAsync();
        using var connection = Open(server.ConnectionString(PostgresRole.Cdc));

        var reader = connection.CopyOut("COPY (SELECT repeat('x', 3000000), i FROM generate_series(1, 3) i) TO STDOUT (FORMAT binary)");
        var lengths = new List<int>();
        while (reader.Read(out var row))
        {
            lengths.Add(row[0].Length);
            Assert.Equal(4, row[1].Length);
        }

        Assert.Equal([3_000_000, 3_000_000, 3_000_000], lengths);
    }

    private PostgresConnection Open(string connectionString) =>
        PostgresConnection.Open(PostgresConnectionSettings.Parse(connectionString), SessionKind.Sql, cancellationToken);
}
