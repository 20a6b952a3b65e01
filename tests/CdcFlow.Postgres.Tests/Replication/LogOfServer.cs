using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Tests.Replication;

/// <summary>Reads a real server's log from a slot made for one test.</summary>
internal sealed class LogOfServer : IDisposable
{
    private readonly PostgresConnection connection;
    private readonly ReplicationStream stream;
    private readonly StreamedTransactions streamed;
    private readonly PgOutputDecoder decoder;

    private LogOfServer(PostgresConnection connection, ReplicationStream stream, long memoryLimit)
    {
        this.connection = connection;
        this.stream = stream;
        streamed = new StreamedTransactions(memoryLimit, () => new MemoryStream());
        decoder = new PgOutputDecoder(Handler, streamed);
    }

    internal RecordingHandler Handler { get; } = new() { SkipsEmpty = true };

    internal ReplicationStream Stream => stream;

    internal int ServerVersion => connection.ServerVersion;

    internal long Spills => streamed.Spills;

    /// <summary>Makes a publication and a slot; what is written from then on is in the log.</summary>
    internal static async Task CreateAsync(PostgresServer server, string name, string tables, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync($"CREATE PUBLICATION {name} FOR TABLE {tables}", cancellationToken: cancellationToken);
        await server.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')", cancellationToken: cancellationToken);
    }

    internal static LogOfServer Open(
        PostgresServer server, string name, CancellationToken cancellationToken, bool streamsInProgress = true, long memoryLimit = 1 << 20,
        string? publication = null, TimeSpan? statusInterval = null, bool isPlain = false)
    {
        var settings = PostgresConnectionSettings.Parse(isPlain ? server.SocketConnectionString(PostgresRole.Cdc) : server.ConnectionString(PostgresRole.Cdc));
        var connection = PostgresConnection.Open(settings, SessionKind.Replication, cancellationToken);
        var options = new ReplicationOptions(name, [publication ?? name], default, connection.ServerVersion)
        {
            StreamsInProgress = streamsInProgress && connection.ServerVersion >= 14,
            StatusInterval = statusInterval ?? TimeSpan.FromSeconds(10),
        };
        return new LogOfServer(connection, ReplicationStream.Start(connection, options, TimeProvider.System), memoryLimit);
    }

    /// <summary>Reads until so many transactions have been committed.</summary>
    internal IReadOnlyList<string> ReadCommits(int count)
    {
        while (Handler.Commits < count)
        {
            if (stream.TryRead(out var message) && !message.IsKeepalive)
            {
                decoder.Decode(message.WalStart, message.Data);
            }
        }

        return Handler.Lines;
    }

    public void Dispose()
    {
        stream.Dispose();
        connection.Dispose();
        streamed.Dispose();
    }
}
