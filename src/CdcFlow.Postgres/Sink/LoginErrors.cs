using System.Net.Sockets;
using System.Security.Authentication;
using CdcFlow.Postgres.Wire;
using CdcFlow.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Why a session could not be opened, with what the connection string says of it at hand. The password is in no message.</summary>
internal static class LoginErrors
{
    /// <summary>The coded form of what the driver threw.</summary>
    /// <param name="error">What it threw.</param>
    /// <param name="subject">What was being done, as the start of a sentence.</param>
    /// <param name="settings">How it was to connect.</param>
    /// <param name="tls">What became of TLS.</param>
    internal static CdcFlowException Of(Exception error, string subject, PostgresConnectionSettings settings, SinkTls tls) => error switch
    {
        PostgresException answer => PostgresSinkErrors.Answered(
            answer, $"{subject}: the server at {settings} answered '{answer.MessageText}'", ServerResolution.Of(answer.SqlState, settings)),
        NpgsqlException { InnerException: TimeoutException } => PostgresSinkErrors.Of((NpgsqlException)error, subject),
        _ when tls.Refusal is { } refusal => NoTls(subject, settings, refusal, TlsHandshake.ResolutionOfRefusal(settings), error),
        { InnerException: AuthenticationException failed } => NoTls(subject, settings, failed.Message.TrimEnd('.'), TlsHandshake.ResolutionOfFailure, error),
        NpgsqlException { IsTransient: false } when settings.Tls != TlsMode.Disable && !tls.IsOffered =>
            NoTls(subject, settings, TlsHandshake.NotOffered, TlsHandshake.ResolutionOfNotOffered, error),
        NpgsqlException { IsTransient: false } => new CdcFlowException(
            PostgresSinkErrors.Login, $"{subject}: no login at {settings} as role {SqlText.Identifier(settings.Username)}: {error.Message.TrimEnd('.')}.",
            settings.Password is null
                ? "Add Password=… to the connection string (by configuration or environment, not in code)."
                : $"Have the server ask for SCRAM: SET password_encryption = 'scram-sha-256'; ALTER ROLE {SqlText.Identifier(settings.Username)} PASSWORD '…'; and scram-sha-256 in its line of pg_hba.conf. Or name the login that it asks for in the connection string: Require Auth=….",
            inner: error),
        _ => new CdcFlowException(
            PostgresSinkErrors.Transport, $"{subject}: the connection to {settings} failed: {TransportFault.Reason(error)}.",
            PostgresTransportException.Resolution, ErrorDomain.External, isTransient: true, error)
        { IsAway = true },
    };

    /// <summary>Whether it is the driver's or the network's.</summary>
    internal static bool Is(Exception error) => error is NpgsqlException or SocketException or IOException;

    private static CdcFlowException NoTls(string subject, PostgresConnectionSettings settings, string reason, string resolution, Exception error) =>
        new(PostgresSinkErrors.Tls, $"{subject}: no TLS to {settings}: {reason}.", resolution, inner: error);
}
