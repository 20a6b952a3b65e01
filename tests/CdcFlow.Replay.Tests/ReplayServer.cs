using System.Globalization;
using CdcFlow.TestServers;

namespace CdcFlow.Replay.Tests;

/// <summary>One PostgreSQL for all cases: each has a database of its own on it as source, and a schema of its own in one more database as sink.</summary>
public sealed class ReplayServer : IAsyncLifetime
{
    internal const string SinkDatabase = "warehouse";

    private static readonly string[] settings =
    [
        "max_replication_slots=1000", "max_wal_senders=100", "max_connections=300", "max_prepared_transactions=20",
        "logical_decoding_work_mem=64kB", // so that larger transactions are spilled, and streamed where that is asked for
    ];

    private PostgresServer? server;
    private int stages;

    internal PostgresServer Server => server ?? throw new InvalidOperationException("There is no server; skip first.");

    /// <summary>The server's major version.</summary>
    internal int Series { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (PostgresBinaries.Missing is not null)
        {
            return;
        }

        server = await PostgresServer.StartAsync(settings);
        await server.ExecuteAsync($"CREATE DATABASE {SinkDatabase}", "postgres");
        Series = int.Parse((await server.QueryAsync("SHOW server_version_num"))[0][0]!, CultureInfo.InvariantCulture) / 10_000;
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A new stage; skips the case where there is no server, or an older one than the case needs.</summary>
    /// <param name="since">The oldest series that has what the case is about.</param>
    /// <param name="databaseOptions">What follows <c>CREATE DATABASE name</c>.</param>
    internal async Task<Stage> CreateStageAsync(int since, string databaseOptions)
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        Assert.SkipWhen(Series < since, $"What this case replays came with PostgreSQL {since}; this is {Series}.");
        var stage = new Stage(Server, $"case{Interlocked.Increment(ref stages)}");
        await Server.ExecuteAsync($"CREATE DATABASE {stage.Name} {databaseOptions}", "postgres");
        await Server.ExecuteAsync($"CREATE SCHEMA {stage.Name}", SinkDatabase);
        return stage;
    }
}
