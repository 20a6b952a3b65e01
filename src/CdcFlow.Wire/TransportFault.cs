using System.Net.Sockets;

namespace CdcFlow.Wire;

/// <summary>How a broken connection is told from other exceptions, and in which words.</summary>
internal static class TransportFault
{
    /// <summary>Whether the exception is one of a connection that broke or was closed.</summary>
    internal static bool IsBroken(Exception e) => e is SocketException or IOException or ObjectDisposedException;

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
