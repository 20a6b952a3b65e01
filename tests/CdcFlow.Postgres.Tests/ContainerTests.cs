using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Tests;

/// <summary>The server that the demo takes where none is installed and no package can be unpacked.</summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task Server_in_a_container_can_be_read_from_and_is_gone_afterwards()
    {
        Assert.SkipWhen(ContainerEngine.Missing is not null, ContainerEngine.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        string address;
        await using (var server = await PostgresContainer.StartAsync(cancellationToken))
        {
            address = server.ConnectionString(PostgresRole.App, PostgresServer.DefaultDatabase);
            await ExecuteAsync(address, "CREATE TABLE t (id bigint PRIMARY KEY); INSERT INTO t VALUES (1)", cancellationToken);
            var cdc = server.ConnectionString(PostgresRole.Cdc, PostgresServer.DefaultDatabase);
            Assert.Equal("s", await ExecuteAsync(cdc, "SELECT slot_name FROM pg_create_logical_replication_slot('s', 'pgoutput')", cancellationToken));
            Assert.Contains("postgres", server.Origin, StringComparison.Ordinal);
        }

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(address, "SELECT 1", cancellationToken));
    }

    private static async Task<object?> ExecuteAsync(string address, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(address + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
