using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CdcFlow.Postgres.Wire;

/// <summary>Turns a connection into TLS, by <see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL"/>.</summary>
internal sealed class TlsHandshake(PostgresConnectionSettings settings)
{
    /// <summary>Why there is no TLS where a server has none.</summary>
    internal const string NotOffered = "the server offers none";

    /// <summary>What to do then.</summary>
    internal const string ResolutionOfNotOffered = "Turn it on (ssl = on in postgresql.conf), or accept an open connection in plain words: SSL Mode=Disable.";

    /// <summary>What to do where the handshake fails and nobody says why.</summary>
    internal const string ResolutionOfFailure =
        "The server's log says why it ended the handshake: it may want a newer or older protocol (ssl_min_protocol_version, ssl_max_protocol_version) or a client's certificate (SSL Certificate=…;SSL Key=…).";

    private const int RequestCode = 80877103;
    private string? refusal;

    /// <summary>Asks for TLS and makes it.</summary>
    /// <exception cref="CdcFlowException">CDCF4005: the server has no TLS, or its certificate does not verify.</exception>
    internal SslStream Upgrade(SocketStream socket)
    {
        socket.Write(new FrontendMessage().Start().Int32(RequestCode).End());

        // Exactly one byte is taken: whatever somebody slipped in behind it is read by the handshake, which it breaks.
        Span<byte> answer = stackalloc byte[1];
        if (socket.Read(answer) == 0)
        {
            throw new EndOfStreamException("the server closed the connection when asked for TLS");
        }

        if (answer[0] != 'S')
        {
            throw Failed(NotOffered, ResolutionOfNotOffered);
        }

        var tls = new SslStream(socket, leaveInnerStreamOpen: false);
        try
        {
            tls.AuthenticateAsClient(Options());
            return tls;
        }
        catch (AuthenticationException e)
        {
            throw Failed(refusal ?? e.Message.TrimEnd('.'), refusal is null ? ResolutionOfFailure : ResolutionOfRefusal(settings), e);
        }
    }

    /// <summary>What to do about a certificate that is refused.</summary>
    internal static string ResolutionOfRefusal(PostgresConnectionSettings settings) =>
        "Name the authority's certificate in the connection string (Root Certificate=…), or give the server a certificate that names "
        + $"'{settings.Host}' and is in date. Or accept a server that nobody vouches for in plain words: SSL Mode=Require, without Root Certificate.";

    private SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = settings.Host,
        CertificateChainPolicy = ChainPolicy(settings),
        ClientCertificates = ClientCertificates(settings),
        RemoteCertificateValidationCallback = (_, _, chain, errors) => (refusal = RefusalOf(settings, errors, chain)) is null,
    };

    /// <summary>Why a certificate does not verify as the settings want it; null: it does.</summary>
    internal static string? RefusalOf(PostgresConnectionSettings settings, SslPolicyErrors errors, X509Chain? chain)
    {
        if (settings.Tls == TlsMode.Require)
        {
            return null;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the server shows no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var status = chain?.ChainStatus.Select(s => s.Status).FirstOrDefault() ?? X509ChainStatusFlags.PartialChain;
            return status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "the server's certificate is out of date"
                : status.HasFlag(X509ChainStatusFlags.Revoked) ? "the server's certificate was revoked"
                : status.HasFlag(X509ChainStatusFlags.RevocationStatusUnknown) || status.HasFlag(X509ChainStatusFlags.OfflineRevocation)
                    ? "nobody says whether the server's certificate was revoked (Check Certificate Revocation)"
                : $"the server's certificate is not signed by a trusted authority ({status})";
        }

        return settings.Tls == TlsMode.VerifyFull && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the server's certificate does not name '{settings.Host}'"
            : null;
    }

    /// <summary>Reads the files that TLS needs.</summary>
    /// <exception cref="CdcFlowException">CDCF4005: one cannot be read.</exception>
    internal static void RequireFiles(PostgresConnectionSettings settings)
    {
        if (settings.Tls != TlsMode.Disable)
        {
            _ = ChainPolicy(settings);
            foreach (var certificate in ClientCertificates(settings) ?? [])
            {
                certificate.Dispose();
            }
        }
    }

    /// <summary>Whom to trust.</summary>
    internal static X509ChainPolicy ChainPolicy(PostgresConnectionSettings settings)
    {
        var policy = new X509ChainPolicy { RevocationMode = settings.ChecksRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck };
        if (settings.RootCertificateFile is { } file)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            Load(file, () => policy.CustomTrustStore.ImportFromPemFile(file));
        }

        return policy;
    }

    private static X509CertificateCollection? ClientCertificates(PostgresConnectionSettings settings)
    {
        if (settings.ClientCertificateFile is not { } file)
        {
            return null;
        }

        X509Certificate2? certificate = null;
        Load(file, () => certificate = settings.ClientKeyPassword is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(file, password, settings.ClientKeyFile)
            : X509Certificate2.CreateFromPemFile(file, settings.ClientKeyFile));
        return [certificate!];
    }

    private static void Load(string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CdcFlowException(
                PostgresWireErrorCodes.Tls, $"The certificate file '{file}' cannot be read: {e.Message.TrimEnd('.')}.",
                "Name a readable PEM file in the connection string.", inner: e);
        }
    }

    private CdcFlowException Failed(string reason, string? fix, Exception? inner = null) =>
        new(PostgresWireErrorCodes.Tls, $"No TLS to {settings}: {reason}.", fix, ErrorDomain.User, isTransient: false, inner);
}
