using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>librdkafka's settings for one client of a connection.</summary>
internal static unsafe class ClientConfiguration
{
    private const int ErrorSize = 512;

    /// <summary>Makes a client of it: with its event queue and without any output of its own.</summary>
    /// <param name="connection">Where to and how.</param>
    /// <param name="role">What it is for.</param>
    /// <exception cref="CdcFlowException">CDCF5203: a certificate or key does not load. CDCF5215: a setting is refused.
    /// CDCF5216: the library lacks a compression. CDCF5217: there is no library.</exception>
    internal static ClientHandle* Create(KafkaConnectionSettings connection, ClientRole role)
    {
        NativeLibraryCheck.Require(Librdkafka.Version);
        var settings = Settings(connection).Concat(role.Settings).ToList();
        var conf = Librdkafka.ConfNew();
        var error = stackalloc byte[ErrorSize];
        foreach (var (name, value) in settings)
        {
            if (Librdkafka.ConfSet(conf, name, value, error, ErrorSize) != 0)
            {
                Librdkafka.ConfDestroy(conf);
                throw name == ProducerOptions.CompressionSetting ? NoCompression(value) : Refused(KafkaClientErrorCodes.Refused, error);
            }
        }

        Librdkafka.ConfSetLog(conf, null);
        Librdkafka.ConfSetEvents(conf, EventType.DeliveryReports | EventType.Error | EventType.TokenRefresh);
        role.Ends?.Attach(conf);
        var client = Librdkafka.New(role.Type, conf, error, ErrorSize);
        if (client is null)
        {
            Librdkafka.ConfDestroy(conf);
            throw Refused(connection.Tls == TlsMode.Disable ? KafkaClientErrorCodes.Refused : KafkaClientErrorCodes.Tls, error);
        }

        return client;
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(KafkaConnectionSettings connection)
    {
        yield return new("bootstrap.servers", connection.BootstrapServers);
        yield return new("client.id", connection.ClientName);
        yield return new("security.protocol", Protocol(connection));
        yield return new("socket.keepalive.enable", "true");
        yield return new("reconnect.backoff.max.ms", "1000");
        foreach (var setting in Tls(connection).Concat(Sasl(connection)))
        {
            yield return setting;
        }
    }

    private static string Protocol(KafkaConnectionSettings connection) =>
        (connection.Sasl == SaslMechanism.None ? "" : "sasl_")
        + (connection.Tls != TlsMode.Disable ? "ssl" : "plaintext");

    private static IEnumerable<KeyValuePair<string, string>> Tls(KafkaConnectionSettings connection)
    {
        if (connection.Tls == TlsMode.Disable)
        {
            yield break;
        }

        yield return new("enable.ssl.certificate.verification", connection.Tls == TlsMode.Require ? "false" : "true");
        yield return new("ssl.endpoint.identification.algorithm", connection.Tls == TlsMode.VerifyFull ? "https" : "none");
        (string Name, string? Value)[] files =
        [
            ("ssl.ca.location", connection.RootCertificateFile),
            ("ssl.certificate.location", connection.ClientCertificateFile),
            ("ssl.key.location", connection.ClientKeyFile),
            ("ssl.key.password", connection.ClientKeyPassword),
        ];
        foreach (var (name, value) in files)
        {
            if (value is null)
            {
                continue;
            }

            yield return name == "ssl.key.password" || Path.Exists(value)
                ? new(name, value)
                : throw new KafkaException(
                    KafkaFailure.Refused, KafkaClientErrorCodes.Tls, $"There is no file {value}.", "Mend the connection string, or let the process read the file.", ErrorDomain.User);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Sasl(KafkaConnectionSettings connection)
    {
        if (connection.Sasl == SaslMechanism.None)
        {
            yield break;
        }

        yield return new("sasl.mechanism", connection.Sasl switch
        {
            SaslMechanism.Plain => "PLAIN",
            SaslMechanism.ScramSha256 => "SCRAM-SHA-256",
            SaslMechanism.ScramSha512 => "SCRAM-SHA-512",
            _ => "OAUTHBEARER",
        });
        if (connection.Sasl != SaslMechanism.OAuthBearer)
        {
            yield return new("sasl.username", connection.Username!);
            yield return new("sasl.password", connection.Password!);
        }
    }

    private static CdcFlowException NoCompression(string compression) => new(
        KafkaClientErrorCodes.CompressionMissing, $"The native Kafka client librdkafka was compiled without {compression}.",
        $"Set Compression to {nameof(KafkaCompression.Lz4)}, which is always there, or install a librdkafka that has {compression}.");

    private static KafkaException Refused(string code, byte* error) => new(
        KafkaFailure.Refused, code, $"The Kafka client could not be made: {Librdkafka.Text(error).TrimEnd('.')}.", "Mend the connection string.", ErrorDomain.User);
}
