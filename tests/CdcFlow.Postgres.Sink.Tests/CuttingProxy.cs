using System.Net;
using System.Net.Sockets;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Stands between a client and the server (without TLS), and once cuts the connection at a client's COMMIT: before the server gets it, or before the
/// client gets the answer.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int serverPort;
    private readonly Task accepting;
    private Cut armed;

    public CuttingProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public enum Cut
    {
        Never,
        BeforeTheServerGetsIt,
        BeforeTheClientHearsOfIt,

        /// <summary>As before, and nobody can connect any more.</summary>
        ForGood,
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The next COMMIT is cut.</summary>
    public void Arm(Cut cut) => armed = cut;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> sessions = [];
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var isAnswerCut = false;
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, serverPort, stop.Token);
                var down = CopyAsync(server.GetStream(), client.GetStream(), _ => !isAnswerCut); // the server has committed when it says so
                var up = CopyAsync(client.GetStream(), server.GetStream(), Passes);
                await Task.WhenAny(down, up);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
            }
        }

        bool Passes(ReadOnlySpan<byte> bytes)
        {
            if (armed == Cut.Never || bytes.IndexOf("COMMIT"u8) < 0)
            {
                return true;
            }

            var cut = armed;
            armed = Cut.Never; // before the client comes back
            isAnswerCut = cut is Cut.BeforeTheClientHearsOfIt or Cut.ForGood;
            if (cut == Cut.ForGood)
            {
                listener.Stop();
            }

            return isAnswerCut;
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, PassFilter passes)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, stop.Token)) > 0 && passes(buffer.AsSpan(0, count)))
        {
            await to.WriteAsync(buffer.AsMemory(0, count), stop.Token);
        }
    }

    private delegate bool PassFilter(ReadOnlySpan<byte> bytes);
}
