using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>What becomes of a request on its way.</summary>
internal enum Fate
{
    /// <summary>The connection breaks before the broker gets it.</summary>
    CutBeforeRequest,

    /// <summary>The broker gets it; the connection breaks before the answer is back.</summary>
    CutBeforeResponse,

    /// <summary>The connection breaks, and the broker gets it when <see cref="KafkaProxy.ReleaseAsync"/> is called.</summary>
    Delay,
}

/// <summary>
/// The network between a client and the broker's proxied listener. Of the protocol it knows only that a request begins with its length, its
/// api key and version, and its correlation id, and an answer with its length and the correlation id.
/// </summary>
internal sealed class KafkaProxy : IAsyncDisposable
{
    internal const short Produce = 0;
    internal const short EndTransaction = 26;

    private readonly KafkaServer server;
    private readonly TcpListener listener;
    private readonly CancellationTokenSource ending = new(); // without a timer, so nothing to dispose
    private readonly ConcurrentDictionary<short, (Fate Fate, bool StaysAway)> fates = new();
    private readonly TaskCompletionSource<(byte[] Frame, NetworkStream Broker)> delayed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Socket> sockets = [];
    private readonly Task accepting;
    private volatile bool isAway;

    internal KafkaProxy(KafkaServer server)
    {
        this.server = server;
        listener = new TcpListener(IPAddress.Loopback, server.ProxyPort);
        listener.Start();
        accepting = AcceptAsync();
    }

    internal string ConnectionString => $"127.0.0.1:{server.ProxyPort}";

    /// <summary>Whether nothing gets through any more.</summary>
    internal bool IsAway => isAway;

    /// <summary>Ends when the fate of <see cref="Strike"/> has come true.</summary>
    internal Task Struck => struck.Task;

    /// <summary>Decides the fate of the next request of a kind.</summary>
    /// <param name="api">The kind.</param>
    /// <param name="fate">What becomes of it.</param>
    /// <param name="andStayAway">Whether nothing else gets through from then on, of any connection.</param>
    internal void Strike(short api, Fate fate, bool andStayAway = false) => fates[api] = (fate, andStayAway);

    /// <summary>Sends the delayed request; returns when the broker has answered it.</summary>
    internal async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var (frame, broker) = await delayed.Task.WaitAsync(cancellationToken);
        await broker.WriteAsync(frame, cancellationToken);
        await answered.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync(); // twice is no harm
        listener.Stop();
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(ending.Token);
                var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(client);
                sockets.Add(broker);
                _ = ServeAsync(client, broker);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException && ending.IsCancellationRequested)
        {
            // Closed, perhaps between two connections: then it is not listening any more.
        }
    }

    private async Task ServeAsync(Socket client, Socket broker)
    {
        var swallowed = new ConcurrentDictionary<int, Action>();
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, server.BehindProxyPort, ending.Token);
            var (near, far) = (new NetworkStream(client), new NetworkStream(broker));
            _ = AnswerAsync(near, far, swallowed);
            while (await ReadFrameAsync(near, ending.Token) is { } frame)
            {
                if (isAway)
                {
                    throw new IOException("The network is away.");
                }

                if (!fates.TryRemove(BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(4)), out var struckBy))
                {
                    await far.WriteAsync(frame, ending.Token);
                    continue;
                }

                var (fate, staysAway) = struckBy;
                var correlation = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(8));
                if (fate == Fate.CutBeforeResponse)
                {
                    swallowed[correlation] = () => Cut(client, staysAway);
                    await far.WriteAsync(frame, ending.Token);
                    continue;
                }

                if (fate == Fate.Delay)
                {
                    swallowed[correlation] = answered.SetResult;
                    delayed.SetResult((frame, far));
                }

                Cut(client, staysAway);
                return;
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            client.Dispose();
            broker.Dispose();
        }
    }

    private async Task AnswerAsync(NetworkStream near, NetworkStream far, ConcurrentDictionary<int, Action> swallowed)
    {
        try
        {
            while (await ReadFrameAsync(far, ending.Token) is { } frame)
            {
                if (swallowed.TryGetValue(BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)), out var instead))
                {
                    instead();
                    return;
                }

                await near.WriteAsync(frame, ending.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // One of the two has gone; the other pump ends both.
        }

        near.Close();
    }

    private void Cut(Socket client, bool staysAway)
    {
        isAway |= staysAway; // before the client notices and connects again
        client.Dispose();
        struck.TrySetResult();
    }

    // Length included; null at the end.
    private static async Task<byte[]?> ReadFrameAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, cancellationToken) < 4)
        {
            return null;
        }

        var frame = new byte[4 + BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(4), cancellationToken);
        return frame;
    }
}
