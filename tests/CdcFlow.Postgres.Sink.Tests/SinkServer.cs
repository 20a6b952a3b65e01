using CdcFlow.Postgres.Sink.Tests;
using CdcFlow.TestServers;

[assembly: AssemblyFixture(typeof(SinkServer))]

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>One server for all tests that do not harm it; started by the first that asks. Each test has a database of its own.</summary>
public sealed class SinkServer : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server = new(() => PostgresServer.StartAsync(["max_replication_slots=1000", "max_wal_senders=100"]));
    private int databases;

    /// <summary>Makes an empty database; skips the test where no server can be had.</summary>
    public async Task<TestDatabase> DatabaseAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var running = await server.Value;
        var name = $"sink_{Interlocked.Increment(ref databases)}";
        await running.ExecuteAsync($"CREATE DATABASE {name} OWNER {PostgresRole.App.Name}", "postgres", cancellationToken);
        return new TestDatabase(running, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}

/// <summary>An empty database on the server.</summary>
public sealed record TestDatabase(PostgresServer Server, string Name)
{
    /// <summary>How a sink connects: over TCP with TLS, verified because nothing else is said, as a role that is no superuser.</summary>
    public string ConnectionString =>
        $"Host=localhost;Port={Server.Port};Username={PostgresRole.App.Name};Password={PostgresRole.App.Password};Database={Name};Root Certificate={Server.RootCertificateFile}";

    public Task ExecuteAsync(string sql) => Server.ExecuteAsync(sql, Name, TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(string sql) => Server.QueryAsync(sql, Name, TestContext.Current.CancellationToken);
}
