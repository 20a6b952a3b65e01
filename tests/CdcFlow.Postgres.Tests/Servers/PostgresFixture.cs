using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.TestServers;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace CdcFlow.Postgres.Tests.Servers;

/// <summary>One server for all tests that do not harm it; started by the first that asks. Tests use tables and slots of their own names.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server =
        new(() => PostgresServer.StartAsync(["wal_sender_timeout=60s", "logical_decoding_work_mem=64kB"]));

    /// <summary>The server; skips the test where none can be had.</summary>
    public Task<PostgresServer> ServerAsync()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        return server.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
