using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Tests.Wire;

/// <summary>Answers one connection with a script: for what no honest server does.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Thread thread;

    internal FakeServer(Action<Stream> script)
    {
        listener.Start();
        thread = new Thread(() => Serve(script)) { IsBackground = true };
        thread.Start();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal static byte[] LoggedIn =>
        [.. Message('R', [0, 0, 0, 0]), .. Message('S', "server_version\015.4\0"u8), .. Message('Z', "I"u8)];

    /// <summary>Lets a client in, up to the answer to its first statements.</summary>
    internal static void LetIn(Stream stream, string searchPath = "pg_catalog, pg_temp")
    {
        ReadPacket(stream);
        stream.Write(LoggedIn);
        ReadMessage(stream);
        stream.Write(Row(searchPath));
    }

    /// <summary>The answer to a query of one value.</summary>
    internal static byte[] Row(string value) =>
    [
        .. Message('T', [0, 1, .. "v\0"u8, .. new byte[18]]),
        .. Message('D', [0, 1, 0, 0, 0, (byte)value.Length, .. Encoding.UTF8.GetBytes(value)]),
        .. Message('C', "SHOW\0"u8), .. Message('Z', "I"u8),
    ];

    internal PostgresConnection Connect(string options = "SSL Mode=Disable") => ConnectUntil(options, TestContext.Current.CancellationToken);

    internal PostgresConnection ConnectUntil(string options, CancellationToken cancellationToken) => PostgresConnection.Open(
        PostgresConnectionSettings.Parse($"Host=127.0.0.1;Port={Port};Username=cdc;Password=canary;Database=app;{options}"), SessionKind.Sql, cancellationToken);

    /// <summary>A message with its right length.</summary>
    internal static byte[] Message(char type, ReadOnlySpan<byte> body) => Message(type, body.Length + 4, body);

    /// <summary>A message with any length.</summary>
    internal static byte[] Message(char type, int length, ReadOnlySpan<byte> body)
    {
        var message = new byte[5 + body.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        body.CopyTo(message.AsSpan(5));
        return message;
    }

    internal static byte[] Error(string severity, string sqlState, string text) =>
        Message('E', Encoding.UTF8.GetBytes($"S{severity}\0C{sqlState}\0M{text}\0\0"));

    /// <summary>Reads a start-up packet or SSL request.</summary>
    internal static byte[] ReadPacket(Stream stream)
    {
        var length = new byte[4];
        stream.ReadExactly(length);
        var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        stream.ReadExactly(packet);
        return packet;
    }

    internal static (char Type, byte[] Body) ReadMessage(Stream stream)
    {
        var type = new byte[1];
        stream.ReadExactly(type);
        return ((char)type[0], ReadPacket(stream));
    }

    public void Dispose()
    {
        listener.Stop();
        thread.Join();
    }

    private void Serve(Action<Stream> script)
    {
        try
        {
            using var client = listener.AcceptTcpClient();
            client.NoDelay = true;
            using var stream = client.GetStream();
            script(stream);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, as it should from a rogue.
        }
    }
}
