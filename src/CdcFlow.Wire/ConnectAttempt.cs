using System.Net.Sockets;

namespace CdcFlow.Wire;

/// <summary>The socket of a connection that is being made, for the thread that may have to end the wait.</summary>
internal sealed class ConnectAttempt
{
    private readonly Lock gate = new();
    private Socket? socket;
    private bool isClosed;

    internal void Use(Socket opened)
    {
        lock (gate)
        {
            socket = opened;
            if (isClosed)
            {
                opened.Dispose();
            }
        }
    }

    internal void Close()
    {
        lock (gate)
        {
            isClosed = true;
            socket?.Dispose();
        }
    }
}
