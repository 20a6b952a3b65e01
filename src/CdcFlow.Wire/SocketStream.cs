using System.Net;
using System.Net.Sockets;

namespace CdcFlow.Wire;

/// <summary>
/// A socket that is only ever used synchronously, by one reading thread (and at most one writing at a time). Once a socket of .NET
/// has been used asynchronously, it stays in the edge-triggered epoll engine and is woken for every packet, which costs more than decoding.
/// </summary>
internal sealed class SocketStream : Stream
{
    /// <summary>A shorter read says that the server writes row by row; a pause then lets rows gather into one read.</summary>
    private const int FullRead = 16 * 1024;

    private readonly Socket socket;
    private WakeableSocket? wakeable;
    private bool wasShort;

    private SocketStream(Socket socket) => this.socket = socket;

    /// <summary>Whether to pause for a moment after a short read. For streams of rows: the server sends the log row by row and copied rows in
    /// pieces of 8 KiB, and a reader woken for each costs both sides.</summary>
    internal bool GathersSmallReads { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The addresses of a host.</summary>
    /// <exception cref="SocketException">Nobody knows the host.</exception>
    internal static IEnumerable<EndPoint> AddressesOf(string host, int port) => IPAddress.TryParse(host, out var address)
        ? [new IPEndPoint(address, port)]
        : Dns.GetHostAddresses(host).Select(found => new IPEndPoint(found, port));

    /// <summary>Connects to the first address that answers.</summary>
    /// <param name="addresses">Where to.</param>
    /// <param name="opened">Gets each socket before it connects, so that another thread can close it and so end the wait.</param>
    internal static SocketStream Connect(IEnumerable<EndPoint> addresses, Action<Socket> opened)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var family = address.AddressFamily;
            var socket = new Socket(family, SocketType.Stream, family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            opened(socket);
            try
            {
                if (family != AddressFamily.Unix)
                {
                    socket.NoDelay = true;
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                }

                socket.Connect(address);
                return new SocketStream(socket);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Lets <see cref="WaitForBytes"/> be ended by <see cref="Wake"/>. Before other threads use the stream.</summary>
    /// <exception cref="SocketException">There is no loopback interface to wake by.</exception>
    internal void MakeWakeable() => wakeable = new WakeableSocket(socket);

    /// <summary>Waits until a read has something to take, or until another thread wakes this one.</summary>
    /// <returns>False: woken.</returns>
    internal bool WaitForBytes()
    {
        Gather();
        return wakeable!.Wait();
    }

    /// <summary>Ends the wait for bytes that is under way, or the next one. Any thread.</summary>
    internal void Wake() => wakeable!.Wake();

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0; // TLS asks so before each record, to learn when there is one; the read after it waits.
        }

        Gather();
        var received = socket.Receive(buffer, SocketFlags.None);
        wasShort = received < FullRead && received < buffer.Length; // TLS asks for less than that at a time
        return received;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[socket.Send(buffer, SocketFlags.None)..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        wakeable?.Dispose();
        socket.Dispose();
        base.Dispose(disposing);
    }

    private void Gather()
    {
        if (GathersSmallReads && wasShort)
        {
            wasShort = false;
            ShortPause.Wait();
        }
    }
}
