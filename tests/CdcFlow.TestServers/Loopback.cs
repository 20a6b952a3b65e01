using System.Net;
using System.Net.Sockets;

namespace CdcFlow.TestServers;

/// <summary>This machine's own network.</summary>
internal static class Loopback
{
    // Below the ports that systems give to outgoing connections: one of those would keep a killed server from coming back to its port.
    private const int FirstPort = 20_000;
    private const int Ports = 12_000;

    private static int taken = Random.Shared.Next(Ports);

    /// <summary>A TCP port that nobody listens on now. No two calls of a process give the same one.</summary>
    internal static int FreePort()
    {
        for (var tries = 0; tries < Ports; tries++)
        {
            var port = FirstPort + (Interlocked.Increment(ref taken) % Ports);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No TCP port from {FirstPort} to {FirstPort + Ports - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
