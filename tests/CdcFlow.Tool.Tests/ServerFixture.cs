using CdcFlow.TestServers;

namespace CdcFlow.Tool.Tests;

/// <summary>One PostgreSQL for the tests that need one, with a database for each.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private PostgresServer? server;

    internal PostgresServer Server => server ?? throw new InvalidOperationException("There is no server.");

    public async ValueTask InitializeAsync()
    {
        if (PostgresBinaries.Missing is null)
        {
            server = await PostgresServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Makes a database; skips the test where there is no server.</summary>
    /// <returns>The superuser's connection string over the unix socket.</returns>
    internal async Task<string> CreateDatabaseAsync(string name, params string[] statements)
    {
        Assert.SkipWhen(server is null, PostgresBinaries.Missing ?? "");
        await Server.ExecuteAsync($"CREATE DATABASE {name}", cancellationToken: TestContext.Current.CancellationToken);
        foreach (var statement in statements)
        {
            await Server.ExecuteAsync(statement, name, TestContext.Current.CancellationToken);
        }

        return Server.SocketConnectionString(PostgresRole.Superuser, name);
    }
}
