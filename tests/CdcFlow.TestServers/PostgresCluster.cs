namespace CdcFlow.TestServers;

/// <summary>The files of a throwaway cluster: made by initdb, then configured for logical replication, TLS and SCRAM.</summary>
internal static class PostgresCluster
{
    private static readonly string[] certificateFiles = ["ca.crt", "server.crt", "server.key"];
    private static readonly TimeSpan readyWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(20);

    internal static async Task CreateAsync(string binaries, string folder, string data, CancellationToken cancellationToken)
    {
        WriteCertificates(folder);
        var passwordFile = Path.Combine(folder, "superuser");
        await File.WriteAllTextAsync(passwordFile, PostgresRole.Superuser.Password, cancellationToken);
        ServerUser.GiveFolder(folder);
        await ServerUser.RunAsync(
            [
                Path.Combine(binaries, "initdb"), "-D", data, "-U", PostgresRole.Superuser.Name, $"--pwfile={passwordFile}",
                "--auth-host=scram-sha-256", "--auth-local=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            ],
            cancellationToken);
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), Configuration(folder), cancellationToken);
    }

    /// <summary>Copies a stopped cluster to another folder, as a standby.</summary>
    /// <param name="folder">Of the server.</param>
    /// <param name="data">Of its data.</param>
    /// <param name="copy">The standby's folder.</param>
    /// <param name="primary">How the standby reaches the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task CopyToStandbyAsync(string folder, string data, string copy, string primary, CancellationToken cancellationToken)
    {
        ServerUser.GiveFolder(copy);
        await ServerUser.RunAsync(
            ["cp", "-a", data, .. certificateFiles.Select(file => Path.Combine(folder, file)), copy], cancellationToken);
        var copied = Path.Combine(copy, Path.GetFileName(data));
        await File.AppendAllTextAsync(
            Path.Combine(copied, "postgresql.conf"), $"{Certificates(copy)}\nprimary_conninfo = '{primary}'\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(copied, "standby.signal"), "", cancellationToken);
        ServerUser.GiveFolder(copy);
    }

    /// <summary>Line 1 of postmaster.pid is the process (a killed server leaves its file behind), line 8 the state.</summary>
    internal static async Task WaitUntilReadyAsync(ServerProcess process, string data, string log, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!IsReady(process.Id, Path.Combine(data, "postmaster.pid")))
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(started) > readyWithin)
            {
                process.Send(Signal.Quit);
                await process.WaitForExitAsync(cancellationToken);
                var lines = File.Exists(log) ? await File.ReadAllLinesAsync(log, cancellationToken) : [];
                throw new InvalidOperationException("PostgreSQL did not start: " + string.Join('\n', lines.TakeLast(20)));
            }

            await Task.Delay(pollEvery, cancellationToken);
        }
    }

    private static bool IsReady(int processId, string pidFile)
    {
        try
        {
            var lines = File.ReadAllLines(pidFile);
            return lines.Length >= 8 && lines[0].Trim() == $"{processId}" && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void WriteCertificates(string folder)
    {
        using var authority = new TestCertificates();
        var server = authority.Issue("localhost", ["localhost", "127.0.0.1"]);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), authority.AuthorityPem);
        File.WriteAllText(Path.Combine(folder, "server.crt"), server.CertificatePem);
        var key = Path.Combine(folder, "server.key");
        File.WriteAllText(key, server.PrivateKeyPem);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite); // the server refuses a key that others may read
        }
    }

    private static string Certificates(string folder) => $"ssl_cert_file = '{Quoted(folder)}/server.crt'\nssl_key_file = '{Quoted(folder)}/server.key'";

    private static string Quoted(string path) => path.Replace("'", "''", StringComparison.Ordinal);

    // fsync off: a killed process loses nothing by it, only a power cut would.
    private static string Configuration(string folder) =>
        $"""

        listen_addresses = '127.0.0.1'
        wal_level = logical
        max_wal_senders = 20
        max_replication_slots = 20
        max_connections = 100
        fsync = off
        jit = off
        ssl = on
        {Certificates(folder)}
        log_replication_commands = on
        log_line_prefix = '%m [%p] %q%u@%d '

        """;
}
