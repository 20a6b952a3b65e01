using System.Net.Sockets;

namespace CdcFlow.Postgres.Wire;

/// <summary>The server could not be reached or the connection broke: a restart from the last checkpoint may heal it.</summary>
internal sealed class PostgresTransportException : CdcFlowException
{
    /// <summary>What to do, of the source and of the sink.</summary>
    internal const string Resolution =
        "The pipeline tries again from its last checkpoint; if it goes on, check Host and Port in the connection string, that the server runs (pg_isready) and listens there (listen_addresses, a firewall), and its log.";

    internal PostgresTransportException(string happened, Exception? inner = null)
        : base(PostgresWireErrorCodes.Transport, happened, Resolution, ErrorDomain.External, isTransient: true, inner) => IsAway = true;

    internal static PostgresTransportException From(Exception cause, string server) =>
        new($"The connection to {server} failed: {Reason(cause)}.", cause);

    /// <summary>Why it failed, as a clause.</summary>
    internal static string Reason(Exception cause) => SocketErrorOf(cause) switch
    {
        SocketError.ConnectionRefused => "nothing listens there",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "the host name is unknown",
        SocketError.TimedOut => "the server did not answer in time",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "the network has no way there",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the server went away",
        SocketError.AccessDenied => "the operating system forbids it",
        SocketError.AddressNotAvailable => "there is no such socket",
        null => cause.Message.TrimEnd('.'),
        { } error => error.ToString(),
    };

    private static SocketError? SocketErrorOf(Exception? cause) =>
        cause is null ? null : cause is SocketException socket ? socket.SocketErrorCode : SocketErrorOf(cause.InnerException);
}
