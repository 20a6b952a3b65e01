using System.Net.Security;
using CdcFlow.Postgres.Wire;
using CdcFlow.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Has the driver verify a server's certificate as this project's own client does, and remembers why it was refused: the driver does not say.</summary>
/// <param name="settings">How to connect.</param>
internal sealed class SinkTls(PostgresConnectionSettings settings)
{
    /// <summary>Whether the server has offered TLS.</summary>
    public bool IsOffered { get; private set; }

    /// <summary>Why the server's certificate was refused; null: it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Leaves the certificate to <see cref="Verify"/>: the driver takes no rules of its own beside it.</summary>
    public void Apply(NpgsqlSlimDataSourceBuilder builder)
    {
        if (settings.Tls != TlsMode.Disable)
        {
            builder.ConnectionStringBuilder.SslMode = SslMode.Require;
            builder.ConnectionStringBuilder.RootCertificate = null;
            builder.UseSslClientAuthenticationOptionsCallback(Verify);
        }
    }

    private void Verify(SslClientAuthenticationOptions options)
    {
        IsOffered = true;
        options.TargetHost = settings.Host;
        options.CertificateChainPolicy = settings.Certificates.ChainPolicy(settings.ChecksRevocation);
        options.RemoteCertificateValidationCallback = (_, _, chain, errors) => (Refusal = ServerCertificate.RefusalOf(settings.Tls, settings.Host, errors, chain)) is null;
    }
}
