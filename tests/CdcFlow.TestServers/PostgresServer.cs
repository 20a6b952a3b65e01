using System.Globalization;
using Npgsql;

namespace CdcFlow.TestServers;

/// <summary>
/// A throwaway PostgreSQL of this test run: its own folder, a free port on 127.0.0.1, TLS, SCRAM on TCP, trust on the unix socket,
/// <c>wal_level=logical</c>, database <c>app</c> and the roles of <see cref="PostgresRole"/>. Ends with the test process, however that ends.
/// </summary>
/// <remarks>Check <see cref="PostgresBinaries.Missing"/> first and skip with it.</remarks>
public sealed class PostgresServer : IPostgres
{
    private readonly string folder;
    private readonly string binaries;
    private readonly string[] settings;
    private ServerProcess? process;

    private PostgresServer(string folder, string binaries, string[] settings, int port)
    {
        this.folder = folder;
        this.binaries = binaries;
        this.settings = settings;
        Port = port;
    }

    public const string DefaultDatabase = "app";

    public string Origin => binaries;

    public int Port { get; }

    /// <summary>Folder of the unix socket: give it as <c>Host</c>.</summary>
    public string SocketFolder => folder;

    /// <summary>PEM file of the authority that signed the server's certificate (for localhost and 127.0.0.1).</summary>
    public string RootCertificateFile => Path.Combine(folder, "ca.crt");

    public string LogFile => Path.Combine(folder, "server.log");

    public bool IsRunning => process is not null;

    public int ProcessId => process?.Id ?? throw new InvalidOperationException("The server is stopped.");

    private string SocketConnectionInfo => $"host={SocketFolder} port={Port} user={PostgresRole.Superuser.Name}";

    private string DataFolder => Path.Combine(folder, "data");

    /// <summary>Makes a new cluster and starts it.</summary>
    /// <param name="settings">Server settings as <c>name=value</c>, over those above.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PostgresServer> StartAsync(IEnumerable<string>? settings = null, CancellationToken cancellationToken = default)
    {
        var binaries = PostgresBinaries.Require();
        var folder = Directory.CreateTempSubdirectory("cdcflow-pg-").FullName;
        var server = new PostgresServer(folder, binaries, [.. settings ?? []], Loopback.FreePort());
        try
        {
            await PostgresCluster.CreateAsync(binaries, folder, server.DataFolder, cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            foreach (var statement in PostgresRole.Statements)
            {
                await server.ExecuteAsync(statement, "postgres", cancellationToken);
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies this server's files, slots too, to a standby that follows it. Stops this server meanwhile.</summary>
    /// <returns>A server of its own; <c>SELECT pg_promote()</c> makes it a primary.</returns>
    public async Task<PostgresServer> StartStandbyAsync(CancellationToken cancellationToken = default)
    {
        var standby = new PostgresServer(Directory.CreateTempSubdirectory("cdcflow-pg-").FullName, binaries, settings, Loopback.FreePort());
        try
        {
            await StopAsync(cancellationToken);
            await PostgresCluster.CopyToStandbyAsync(folder, DataFolder, standby.folder, SocketConnectionInfo, cancellationToken);
            await StartAgainAsync(cancellationToken);
            await standby.StartAgainAsync(cancellationToken);
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connection string over TCP with full certificate verification.</summary>
    public string ConnectionString(PostgresRole role, string database = DefaultDatabase) =>
        $"Host=localhost;Port={Port};Username={role.Name};Password={role.Password};Database={database};SSL Mode=VerifyFull;Root Certificate={RootCertificateFile}";

    /// <summary>Connection string over the unix socket (no password asked).</summary>
    public string SocketConnectionString(PostgresRole role, string database = DefaultDatabase) =>
        $"Host={SocketFolder};Port={Port};Username={role.Name};Database={database};SSL Mode=Disable";

    /// <summary>Runs statements as the superuser.</summary>
    public async Task ExecuteAsync(string sql, string database = DefaultDatabase, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs one query as the superuser; every value as the server's own text.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string?>>> QueryAsync(
        string sql, string database = DefaultDatabase, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<IReadOnlyList<string?>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }

        return rows;
    }

    /// <summary>Kills the server and all its processes at once with signal 9, as a power cut of the process would; the data stay.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (process is not { } running)
        {
            return;
        }

        running.Send(Signal.Stop); // so that it starts no more children while they are counted
        var children = running.Children().ToArray();
        foreach (var child in children)
        {
            ServerUser.Signal(child, Signal.Kill);
        }

        running.Send(Signal.Kill);
        await EndAsync(running, cancellationToken);
        await ServerProcess.WaitUntilDeadAsync(children, cancellationToken); // the last of them releases the shared memory
    }

    /// <summary>Stops the server; clients are disconnected, work is written out.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (process is { } running)
        {
            running.Send(Signal.Interrupt);
            await EndAsync(running, cancellationToken);
        }
    }

    /// <summary>Freezes every process of the server (clients' connections stay open but nobody answers) until <see cref="Resume"/>.</summary>
    public void Pause() => SignalFamily(Signal.Stop);

    public void Resume() => SignalFamily(Signal.Continue);

    /// <summary>Starts the stopped or killed server again on the same data and port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        string[] command =
        [
            .. ServerUser.CommandPrefix, Path.Combine(binaries, "postgres"), "-D", DataFolder, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", folder,
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ];
        process = await ServerProcess.StartAsync(folder, LogFile, command, cancellationToken);
        await PostgresCluster.WaitUntilReadyAsync(process, DataFolder, LogFile, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { } running)
        {
            running.Send(Signal.Continue);
            running.Send(Signal.Quit); // immediate: the data are thrown away
            await EndAsync(running, CancellationToken.None);
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(SocketConnectionString(PostgresRole.Superuser, database) + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private void SignalFamily(Signal signal)
    {
        if (process is { } running)
        {
            foreach (var id in running.Children().Prepend(running.Id).ToArray())
            {
                ServerUser.Signal(id, signal);
            }
        }
    }

    private async Task EndAsync(ServerProcess running, CancellationToken cancellationToken)
    {
        await running.WaitForExitAsync(cancellationToken);
        running.Dispose();
        process = null;
    }
}
