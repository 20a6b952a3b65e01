using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CdcFlow.TestServers;

/// <summary>A throwaway pgbouncer before a test server, which pools sessions: without TLS, with SCRAM, on a free port. Ends with the test process.</summary>
/// <remarks>Check <see cref="Missing"/> first and skip with it.</remarks>
public sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan readyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(20);
    private readonly string folder;
    private readonly ServerProcess process;

    private PgBouncer(string folder, ServerProcess process, int port) => (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>Null when one can be started here; otherwise the sentence to skip with.</summary>
    public static string? Missing => Binary is null ? "No pgbouncer found (Debian: apt-get install pgbouncer)." : null;

    public int Port { get; }

    private static string? Binary { get; } =
        new[] { "/usr/sbin", "/usr/bin", "/usr/local/bin" }.Select(place => Path.Combine(place, "pgbouncer")).FirstOrDefault(File.Exists);

    public static async Task<PgBouncer> StartAsync(PostgresServer server, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("cdcflow-bouncer-").FullName;
        var port = Loopback.FreePort();
        var configuration = Path.Combine(folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"\"{PostgresRole.App.Name}\" \"{PostgresRole.App.Password}\"\n", cancellationToken);
        await File.WriteAllTextAsync(
            configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                [databases]
                * = host={server.SocketFolder} port={server.Port}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = {folder}/users
                pool_mode = session

                """),
            cancellationToken);
        ServerUser.GiveFolder(folder);
        var process = await ServerProcess.StartAsync(folder, Path.Combine(folder, "log"), [.. ServerUser.CommandPrefix, Binary!, configuration], cancellationToken);
        var bouncer = new PgBouncer(folder, process, port);
        await bouncer.WaitUntilReadyAsync(cancellationToken);
        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        process.Send(Signal.Quit);
        process.Send(Signal.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited && TimeProvider.System.GetElapsedTime(started) < readyWithin)
            {
                await Task.Delay(pollEvery, cancellationToken);
            }
        }
    }
}
