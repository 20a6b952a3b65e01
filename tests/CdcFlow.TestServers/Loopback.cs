using System.Net;
using System.Net.Sockets;

namespace CdcFlow.TestServers;

/// <summary>This machine's own network.</summary>
internal static class Loopback
{
    /// <summary>A TCP port that nobody listens on now.</summary>
    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
