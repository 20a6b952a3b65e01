using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Something that stands between the client and the server, as a pooler or a proxy does.</summary>
/// <param name="server">The server that it leads to.</param>
/// <param name="refusal">What it answers a start-up packet by itself; null: the packet goes on to the server.</param>
/// <param name="rewrite">What it does to each message of the server, which it gets whole.</param>
internal sealed class Relay(PostgresServer server, Func<byte[], byte[]?>? refusal = null, Action<Memory<byte>>? rewrite = null) : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    /// <summary>A connection string that leads through it.</summary>
    internal string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};Username={PostgresRole.Superuser.Name};Database={database};SSL Mode=Disable";

    internal Relay Start()
    {
        listener.Start();
        _ = AcceptAsync();
        return this;
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var from = new NetworkStream(client, ownsSocket: true);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var length = new byte[4];
            await from.ReadExactlyAsync(length);
            byte[] packet = [.. length, .. new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4]];
            await from.ReadExactlyAsync(packet.AsMemory(4));
            if (refusal?.Invoke(packet) is { } answer)
            {
                await from.WriteAsync(answer);
                return;
            }

            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(server.SocketFolder, $".s.PGSQL.{server.Port}")));
            using var to = new NetworkStream(socket);
            await to.WriteAsync(packet);
            await Task.WhenAny(from.CopyToAsync(to), CopyAsync(to, from));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        if (rewrite is null)
        {
            await from.CopyToAsync(to);
            return;
        }

        var header = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(header);
            byte[] message = [.. header, .. new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4]];
            await from.ReadExactlyAsync(message.AsMemory(5));
            rewrite(message);
            await to.WriteAsync(message);
        }
    }
}
