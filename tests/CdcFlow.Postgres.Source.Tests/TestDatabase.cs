using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>One server for all tests of this project that do not break it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private PostgresServer? server;
    private int databases;

    internal PostgresServer Server => server ?? throw new InvalidOperationException("There is no server; skip first.");

    public async ValueTask InitializeAsync()
    {
        if (PostgresBinaries.Missing is null)
        {
            server = await PostgresServer.StartAsync(["max_replication_slots=2000", "max_wal_senders=100", "max_connections=300", "logical_decoding_work_mem=64kB"]);
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A new, empty database of the server; skips the test where there is no server.</summary>
    internal async Task<TestDatabase> CreateAsync(string options = "")
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var name = $"test{Interlocked.Increment(ref databases)}";
        await Server.ExecuteAsync($"CREATE DATABASE {name} {options}", "postgres");
        return new TestDatabase(Server, name);
    }
}

/// <summary>One database, written by the superuser.</summary>
internal sealed class TestDatabase(PostgresServer server, string name)
{
    internal PostgresServer Server => server;

    internal string Name => name;

    internal string ConnectionString => server.SocketConnectionString(PostgresRole.Superuser, name);

    internal string ConnectionStringOf(PostgresRole role) => server.SocketConnectionString(role, name);

    /// <summary>Skips the test on a server before this major version.</summary>
    internal async Task SkipBelowAsync(int version, string what)
    {
        var major = int.Parse((await QueryAsync("SHOW server_version_num"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture) / 10_000;
        Assert.SkipWhen(major < version, $"PostgreSQL {major} has no such thing as {what}; that came with {version}.");
    }

    internal Task ExecuteAsync(string sql) => server.ExecuteAsync(sql, name, TestContext.Current.CancellationToken);

    internal Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string sql) => server.QueryAsync(sql, name, TestContext.Current.CancellationToken);

    /// <summary>Returns when the server has noticed that nobody streams the slot any more.</summary>
    internal async Task SlotIsFreeAsync(string slot)
    {
        while ((await QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{slot}' AND active")).Count > 0)
        {
        }
    }

    internal async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
