using System.Diagnostics;

namespace CdcFlow.TestServers;

/// <summary>The files of a throwaway Kafka node: certificates, properties, formatted storage.</summary>
public static class KafkaFiles
{
    /// <summary>Quick to start rather than fast.</summary>
    internal static string[] JavaOptions { get; } = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", .. QuietOptions];

    internal static string[] QuietOptions => ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"];

    internal static async Task CreateAsync(KafkaServer server, string folder, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        WriteCertificates(folder);
        var properties = Path.Combine(folder, "server.properties");
        await File.WriteAllTextAsync(properties, Properties(server, folder) + string.Join('\n', settings) + "\n", cancellationToken);
        string[] users = [.. new[] { "SCRAM-SHA-256", "SCRAM-SHA-512" }.SelectMany(mechanism =>
            new[] { "--add-scram", $"{mechanism}=[name={KafkaServer.User},password=\"{KafkaServer.Password}\"]" })];
        await RunJavaAsync(JavaOptions, ["kafka.tools.StorageTool", "format", "-t", "Y2RjZmxvdy10ZXN0LTAwMQ", "-c", properties, .. users], cancellationToken);
    }

    internal static async Task<string> RunJavaAsync(IEnumerable<string> options, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(KafkaHome.Java!, [.. options, "-cp", KafkaHome.ClassPath, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"java ended with {process.ExitCode}: {await output}{await error}");
    }

    /// <summary>The same, with what it prints written to a file.</summary>
    internal static async Task RunJavaAsync(IEnumerable<string> options, IEnumerable<string> arguments, string file, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "file=$1; shift; exec \"$@\" > \"$file\" 2> \"$file.log\"", "sh", file, KafkaHome.Java!, .. options, .. QuietOptions, "-cp", KafkaHome.ClassPath, .. arguments]);
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"java ended with {process.ExitCode}: {await File.ReadAllTextAsync($"{file}.log", cancellationToken)}");
        }
    }

    private static void WriteCertificates(string folder)
    {
        using var authority = new TestCertificates();
        using var stranger = new TestCertificates("CdcFlow other authority");
        var server = authority.Issue("localhost", ["localhost"]);
        var client = authority.Issue("cdc", ["cdc"]);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), authority.AuthorityPem);
        File.WriteAllText(Path.Combine(folder, "other-ca.crt"), stranger.AuthorityPem);
        File.WriteAllText(Path.Combine(folder, "server.pem"), server.PrivateKeyPem + "\n" + server.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "client.crt"), client.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "client.key"), client.PrivateKeyPem);
    }

    private static string Properties(KafkaServer server, string folder)
    {
        const string sasl = "listener.name.sasl";
        const string module = "org.apache.kafka.common.security";
        return $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{server.ControllerPort}
            controller.listener.names=CONTROLLER
            listeners=PLAIN://127.0.0.1:{server.Port},TLS://127.0.0.1:{server.TlsPort},SASL://127.0.0.1:{server.SaslPort},PROXIED://127.0.0.1:{server.BehindProxyPort},CONTROLLER://127.0.0.1:{server.ControllerPort}
            advertised.listeners=PLAIN://127.0.0.1:{server.Port},TLS://localhost:{server.TlsPort},SASL://localhost:{server.SaslPort},PROXIED://127.0.0.1:{server.ProxyPort}
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAIN:PLAINTEXT,PROXIED:PLAINTEXT,TLS:SSL,SASL:SASL_SSL
            inter.broker.listener.name=PLAIN
            ssl.keystore.type=PEM
            ssl.keystore.location={folder}/server.pem
            ssl.truststore.type=PEM
            ssl.truststore.location={folder}/ca.crt
            listener.name.tls.ssl.client.auth=requested
            sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
            {sasl}.plain.sasl.jaas.config={module}.plain.PlainLoginModule required user_{KafkaServer.User}="{KafkaServer.Password}";
            {sasl}.scram-sha-256.sasl.jaas.config={module}.scram.ScramLoginModule required;
            {sasl}.scram-sha-512.sasl.jaas.config={module}.scram.ScramLoginModule required;
            {sasl}.oauthbearer.sasl.jaas.config={module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
            log.dirs={folder}/data
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            auto.create.topics.enable=false
            broker.session.timeout.ms=1500
            broker.heartbeat.interval.ms=300
            # Brokers delete by the records' own times, and those of tests are old.
            log.retention.ms=-1
            group.initial.rebalance.delay.ms=0
            transaction.abort.timed.out.transaction.cleanup.interval.ms=500
            log.cleaner.dedupe.buffer.size=8388608

            """;
    }
}
