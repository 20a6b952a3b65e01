using CdcFlow.Kafka.Connection;
using CdcFlow.Wire;
using Confluent.Kafka;
using SaslMechanism = CdcFlow.Kafka.Connection.SaslMechanism;

namespace CdcFlow.Kafka.Client;

/// <summary>librdkafka's settings for the clients of a connection.</summary>
internal static class ClientSettings
{
    /// <summary>Those of a connection, with those of one client.</summary>
    /// <exception cref="KafkaException">CDCF5203: a certificate's or key's file is missing.</exception>
    internal static ClientConfig Of(KafkaConnectionSettings connection, IReadOnlyDictionary<string, string> more)
    {
        var config = new ClientConfig
        {
            BootstrapServers = connection.BootstrapServers,
            ClientId = connection.ClientName,
            SecurityProtocol = Protocol(connection),
            SocketKeepaliveEnable = true,
            ReconnectBackoffMaxMs = 1000,
        };
        AddTls(config, connection);
        AddSasl(config, connection);
        foreach (var (name, value) in more)
        {
            config.Set(name, value);
        }

        return config;
    }

    private static SecurityProtocol Protocol(KafkaConnectionSettings connection) => (connection.Sasl, connection.Tls) switch
    {
        (SaslMechanism.None, TlsMode.Disable) => SecurityProtocol.Plaintext,
        (SaslMechanism.None, _) => SecurityProtocol.Ssl,
        (_, TlsMode.Disable) => SecurityProtocol.SaslPlaintext,
        _ => SecurityProtocol.SaslSsl,
    };

    private static void AddTls(ClientConfig config, KafkaConnectionSettings connection)
    {
        if (connection.Tls == TlsMode.Disable)
        {
            return;
        }

        config.EnableSslCertificateVerification = connection.Tls != TlsMode.Require;
        config.SslEndpointIdentificationAlgorithm = connection.Tls == TlsMode.VerifyFull
            ? SslEndpointIdentificationAlgorithm.Https
            : SslEndpointIdentificationAlgorithm.None;
        config.SslCaLocation = Existing(connection.RootCertificateFile);
        config.SslCertificateLocation = Existing(connection.ClientCertificateFile);
        config.SslKeyLocation = Existing(connection.ClientKeyFile);
        config.SslKeyPassword = connection.ClientKeyPassword;
    }

    private static string? Existing(string? file) => file is null || Path.Exists(file)
        ? file
        : throw new KafkaException(
            KafkaFailure.Refused, KafkaClientErrorCodes.Tls, $"There is no file {file}.", "Correct the connection string, or let the process read the file.", ErrorDomain.User);

    private static void AddSasl(ClientConfig config, KafkaConnectionSettings connection)
    {
        if (connection.Sasl == SaslMechanism.None)
        {
            return;
        }

        config.SaslMechanism = connection.Sasl switch
        {
            SaslMechanism.Plain => Confluent.Kafka.SaslMechanism.Plain,
            SaslMechanism.ScramSha256 => Confluent.Kafka.SaslMechanism.ScramSha256,
            SaslMechanism.ScramSha512 => Confluent.Kafka.SaslMechanism.ScramSha512,
            _ => Confluent.Kafka.SaslMechanism.OAuthBearer,
        };
        if (connection.Sasl != SaslMechanism.OAuthBearer)
        {
            config.SaslUsername = connection.Username;
            config.SaslPassword = connection.Password;
        }
    }
}
