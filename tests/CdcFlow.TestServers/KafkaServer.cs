using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CdcFlow.TestServers;

/// <summary>
/// A throwaway Kafka of one node: its own folder, free ports on 127.0.0.1, and a listener each for plain, TLS, SASL over TLS, and
/// for clients that come through a proxy. Ends with the test process, however that ends.
/// </summary>
/// <remarks>Check <see cref="KafkaHome.Missing"/> first and skip with it.</remarks>
public sealed class KafkaServer : IBroker
{
    // A broker that ends is noticed at once; this is for a machine on which many others want to run.
    private static readonly TimeSpan readyWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(20);

    private readonly string folder;
    private readonly string[] javaOptions;
    private ServerProcess? process;

    private KafkaServer(string folder, bool isFast)
    {
        this.folder = folder;
        javaOptions = isFast ? ["-Xmx1g", .. KafkaFiles.QuietOptions] : ["-Xmx384m", .. KafkaFiles.JavaOptions];
    }

    /// <summary>A SCRAM user, and one of PLAIN.</summary>
    public const string User = "app";

    public const string Password = "app;pw=1";

    public int Port { get; } = Loopback.FreePort();

    public int TlsPort { get; } = Loopback.FreePort();

    public int SaslPort { get; } = Loopback.FreePort();

    /// <summary>What the broker tells clients of the proxied listener to connect to: the proxy listens here, and forwards to <see cref="BehindProxyPort"/>.</summary>
    public int ProxyPort { get; } = Loopback.FreePort();

    public int BehindProxyPort { get; } = Loopback.FreePort();

    /// <summary>PEM file of the authority that signed the broker's certificate (for localhost only) and trusts the clients'.</summary>
    public string RootCertificateFile => Path.Combine(folder, "ca.crt");

    /// <summary>PEM file of an authority that signed nothing here.</summary>
    public string OtherRootCertificateFile => Path.Combine(folder, "other-ca.crt");

    /// <summary>PEM files of a client's certificate.</summary>
    public (string Certificate, string Key) Client => (Path.Combine(folder, "client.crt"), Path.Combine(folder, "client.key"));

    public string LogFile => Path.Combine(folder, "server.log");

    public string Origin => KafkaHome.Folder!;

    /// <inheritdoc/>
    public string Address => ConnectionString;

    /// <summary>Connection string of the plain listener.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    internal int ControllerPort { get; } = Loopback.FreePort();

    /// <summary>Makes a new node and starts it.</summary>
    /// <param name="settings">Broker settings as <c>name=value</c>, over those of <see cref="KafkaFiles"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<KafkaServer> StartAsync(IEnumerable<string>? settings = null, CancellationToken cancellationToken = default) =>
        StartAsync(settings ?? [], isFast: false, cancellationToken);

    /// <summary>Makes a new node that is quick rather than quickly started, to be measured, and starts it.</summary>
    public static Task<KafkaServer> StartFastAsync(CancellationToken cancellationToken = default) => StartAsync([], isFast: true, cancellationToken);

    /// <summary>Connection string of the TLS listener, all checks on.</summary>
    public string TlsConnectionString => $"Bootstrap Servers=localhost:{TlsPort};SSL Mode=VerifyFull;Root Certificate={RootCertificateFile}";

    /// <summary>Connection string of the SASL listener without the login itself.</summary>
    public string SaslConnectionString => $"Bootstrap Servers=localhost:{SaslPort};Root Certificate={RootCertificateFile}";

    /// <summary>Runs one of Kafka's own tools to its end and gives what it printed.</summary>
    /// <param name="mainClass">The tool's class, as in <c>org.apache.kafka.tools.TopicCommand</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<string> ToolAsync(string mainClass, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        KafkaFiles.RunJavaAsync([], [mainClass, .. arguments], cancellationToken);

    /// <inheritdoc/>
    public async Task<IEnumerable<string>> RunToolAsync(string mainClass, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // By way of a file: a whole topic may be larger than memory.
        var file = Path.Combine(folder, $"{Guid.NewGuid():n}.txt");
        await KafkaFiles.RunJavaAsync([], [mainClass, "--bootstrap-server", Address, .. arguments], file, cancellationToken);
        return File.ReadLines(file);
    }

    /// <summary>Kills the broker at once with signal 9; the data stay.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => EndAsync(Signal.Kill, cancellationToken);

    /// <summary>Stops the broker in good order.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => EndAsync(Signal.Terminate, cancellationToken);

    /// <summary>Freezes the broker: connections stay open, nobody answers, until <see cref="Resume"/>.</summary>
    public void Pause() => process?.Send(Signal.Stop);

    public void Resume() => process?.Send(Signal.Continue);

    /// <summary>Starts the stopped or killed broker again on the same data and ports.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        string[] command = [KafkaHome.Java!, .. javaOptions, "-cp", KafkaHome.ClassPath, "kafka.Kafka", Path.Combine(folder, "server.properties")];
        process = await ServerProcess.StartAsync(folder, LogFile, command, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            var hasEnded = process.HasExited;
            if (hasEnded || Stopwatch.GetElapsedTime(started) > readyWithin)
            {
                await KillAsync(cancellationToken);
                var lines = await File.ReadAllLinesAsync(LogFile, cancellationToken);
                throw new InvalidOperationException(
                    $"Kafka on port {Port} {(hasEnded ? "ended while it started" : $"does not answer within {readyWithin}")}: {string.Join('\n', lines.TakeLast(20))}");
            }

            await Task.Delay(pollEvery, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<KafkaServer> StartAsync(IEnumerable<string> settings, bool isFast, CancellationToken cancellationToken)
    {
        var server = new KafkaServer(Directory.CreateTempSubdirectory("cdcflow-kafka-").FullName, isFast);
        try
        {
            await KafkaFiles.CreateAsync(server, server.folder, settings, cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task EndAsync(Signal signal, CancellationToken cancellationToken)
    {
        if (process is { } running)
        {
            running.Send(signal);
            await running.WaitForExitAsync(cancellationToken);
            running.Dispose();
            process = null;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
