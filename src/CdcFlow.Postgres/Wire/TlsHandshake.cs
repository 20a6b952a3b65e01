using System.Net.Security;
using System.Security.Authentication;
using CdcFlow.Wire;

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

    /// <summary>Reads the files that TLS needs.</summary>
    /// <exception cref="CdcFlowException">CDCF4005: one cannot be read.</exception>
    internal static void RequireFiles(PostgresConnectionSettings settings)
    {
        if (settings.Tls != TlsMode.Disable)
        {
            Coded(() =>
            {
                settings.Certificates.RequireReadable();
                return true;
            });
        }
    }

    private SslClientAuthenticationOptions Options() => Coded(() => new SslClientAuthenticationOptions
    {
        TargetHost = settings.Host,
        CertificateChainPolicy = settings.Certificates.ChainPolicy(settings.ChecksRevocation),
        ClientCertificates = settings.Certificates.ClientCertificates(),
        RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            (refusal = ServerCertificate.RefusalOf(settings.Tls, settings.Host, errors, chain)) is null,
    });

    private static T Coded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CertificateFileException e)
        {
            throw new CdcFlowException(PostgresWireErrorCodes.Tls, e.Message, "Name a readable PEM file in the connection string.", inner: e);
        }
    }

    private CdcFlowException Failed(string reason, string? fix, Exception? inner = null) =>
        new(PostgresWireErrorCodes.Tls, $"No TLS to {settings}: {reason}.", fix, ErrorDomain.User, isTransient: false, inner);
}
