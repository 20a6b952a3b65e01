using CdcFlow.Wire;

namespace CdcFlow.Kafka.Connection;

/// <summary>Where and how to connect. Prints as the brokers' addresses only: it holds secrets.</summary>
internal sealed class KafkaConnectionSettings
{
    /// <summary>Hosts and ports, separated by commas: any one of them tells all others.</summary>
    internal required string BootstrapServers { get; init; }

    internal TlsMode Tls { get; init; }

    /// <summary>PEM; null for the system's roots.</summary>
    internal string? RootCertificateFile { get; init; }

    internal string? ClientCertificateFile { get; init; }

    internal string? ClientKeyFile { get; init; }

    internal string? ClientKeyPassword { get; init; }

    internal SaslMechanism Sasl { get; init; }

    internal string? Username { get; init; }

    internal string? Password { get; init; }

    /// <summary>Where tokens come from; with <see cref="SaslMechanism.OAuthBearer"/> only.</summary>
    internal TokenEndpoint? Tokens { get; init; }

    /// <summary>What brokers' logs and quotas call this client.</summary>
    internal string ClientName { get; init; } = "cdcflow";

    /// <summary>How long a request is tried before the cluster counts as unreachable.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Who access control takes this client for; what a certificate or a token makes of it only the brokers know.</summary>
    internal string Principal => Username is { } user ? $"User:{user}" : "User:…";

    public override string ToString() => BootstrapServers;
}

/// <summary>An authorization server that gives tokens for client credentials (RFC 6749 §4.4). Prints as its address only.</summary>
internal sealed class TokenEndpoint(Uri address, string clientId, string clientSecret, string? scope)
{
    internal Uri Address { get; } = address;

    internal string ClientId { get; } = clientId;

    internal string ClientSecret { get; } = clientSecret;

    internal string? Scope { get; } = scope;

    public override string ToString() => Address.GetLeftPart(UriPartial.Path);
}
