using System.Net;
using System.Net.Sockets;

namespace CdcFlow.Wire;

/// <summary>Waits until a socket has something to read, and lets other threads end that wait.</summary>
/// <remarks>
/// One thread waits; any may wake it. What ends the wait is a datagram that a second socket sends to itself: it is the one thing beside a socket that
/// a thread can wait for on every operating system without going asynchronous. Wakes that come before the waiting thread looks are one wake.
/// </remarks>
internal sealed class WakeableSocket : IDisposable
{
    private static readonly byte[] datagram = [1];

    private readonly Socket socket;
    private readonly Socket bell;
    private readonly List<Socket> readable = new(2);
    private readonly byte[] received = new byte[1];
    private int isRung;

    /// <exception cref="SocketException">The loopback interface is down, or the process may open no more sockets.</exception>
    internal WakeableSocket(Socket socket)
    {
        this.socket = socket;
        bell = NewBell();
    }

    /// <summary>Waits until there is something to read, also the connection's end, or <see cref="Wake"/> was called.</summary>
    /// <returns>False: woken, and there is nothing to read. A wake that finds something to read is kept for the next wait.</returns>
    internal bool Wait()
    {
        readable.Clear();
        readable.Add(socket);
        readable.Add(bell);
        Socket.Select(readable, null, null, Timeout.Infinite);
        if (readable is not [var ready] || ready != bell)
        {
            return true;
        }

        // In this order: a wake after the datagram was taken may find the flag still set, and then this return is its answer.
        _ = bell.Receive(received, 0, received.Length, SocketFlags.None, out _);
        Volatile.Write(ref isRung, 0);
        return false;
    }

    /// <summary>Ends the wait that is under way, or the next one. Any thread; never fails, also on a closed socket.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref isRung, 1) != 0)
        {
            return;
        }

        try
        {
            _ = bell.Send(datagram, 0, datagram.Length, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // Whoever waited has heard of the end already.
        }
    }

    /// <summary>Closes the socket; the wait that is under way ends, and later ones fail. Any thread.</summary>
    public void Dispose()
    {
        Wake();
        socket.Dispose();
        bell.Dispose();
    }

    private static Socket NewBell()
    {
        var loopback = Socket.OSSupportsIPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        var bell = new Socket(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            bell.Bind(new IPEndPoint(loopback, 0));
            bell.Connect(bell.LocalEndPoint!); // From here on it takes its own datagrams only.
            bell.Blocking = false;
            return bell;
        }
        catch
        {
            bell.Dispose();
            throw;
        }
    }
}
