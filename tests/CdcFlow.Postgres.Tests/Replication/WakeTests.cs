using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Tests.Wire;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Tests.Replication;

/// <summary>The wait for the log ends by a wake, and no byte is lost by it.</summary>
public class WakeTests
{
    private const int Messages = 10_000;
    private const int LongestBody = 3000;

    private readonly TaskCompletionSource<ReplicationStream> client = new();

    [Theory]
    [InlineData("SSL Mode=Disable")]
    [InlineData("SSL Mode=Require")]
    public void A_wake_in_the_middle_of_every_message_loses_nothing(string options)
    {
        using var server = new FakeServer(raw => Serve(raw, isTls: options.EndsWith("Require", StringComparison.Ordinal), stream =>
        {
            for (var i = 0; i < Messages; i++)
            {
                stream.Write(Message(i));
            }
        }));
        using var connection = server.Connect(options);
        using var stream = Start(connection);

        // The server sends nothing besides, so a message that stayed in a buffer of TLS would be waited for forever.
        for (var i = 0; i < Messages;)
        {
            if (stream.TryRead(out var message))
            {
                Assert.True(message.Data.SequenceEqual(Body(i)), $"message {i}");
                i++;
            }
        }
    }

    [Theory]
    [InlineData("SSL Mode=Disable")]
    [InlineData("SSL Mode=Require")]
    public async Task A_silent_servers_log_is_left_at_once_by_a_wake(string options)
    {
        using var server = new FakeServer(raw => Serve(raw, isTls: options.EndsWith("Require", StringComparison.Ordinal), _ => { }));
        using var connection = server.Connect(options);
        using var stream = Start(connection);

        stream.Wake(); // before the wait
        Assert.False(stream.TryRead(out _));

        // The server never answers, so each of these returns by a wake alone.
        var read = Task.Run(() => Enumerable.Range(0, 1000).Count(_ => !stream.TryRead(out var _)), TestContext.Current.CancellationToken);
        while (!read.IsCompleted)
        {
            stream.Wake();
            await Task.Yield();
        }

        Assert.Equal(1000, await read);
    }

    [Theory]
    [InlineData("SSL Mode=Disable")]
    [InlineData("SSL Mode=Require")]
    public async Task A_connection_that_is_closed_ends_the_wait_as_cancelled(string options)
    {
        using var stopping = new CancellationTokenSource();
        using var server = new FakeServer(raw => Serve(raw, isTls: options.EndsWith("Require", StringComparison.Ordinal), _ => { }));
        using var connection = server.ConnectUntil(options, stopping.Token);
        using var stream = Start(connection);
        var read = Task.Run(() =>
        {
            while (!stream.TryRead(out _))
            {
            }
        }, TestContext.Current.CancellationToken);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        stream.Wake(); // nobody is there any more, and nothing happens
    }

    private static byte[] Body(int number)
    {
        var body = new byte[sizeof(int) + ((number * 7919) % LongestBody)];
        body.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(body, number);
        return body;
    }

    private static byte[] Message(int number) => FakeServer.Message('d', [(byte)'w', .. new byte[24], .. Body(number)]);

    private ReplicationStream Start(PostgresConnection connection)
    {
        var stream = ReplicationStream.Start(connection, new ReplicationOptions("slot", ["publication"], default, 15), TimeProvider.System);
        client.SetResult(stream);
        return stream;
    }

    // Up to the start of the log, then what the test wants, then silence until the client goes.
    private void Serve(Stream raw, bool isTls, Action<Stream> send)
    {
        var pieces = new PiecesStream(raw);
        using Stream stream = isTls ? Tls(pieces) : pieces;
        FakeServer.LetIn(stream);
        FakeServer.ReadMessage(stream);
        stream.Write(FakeServer.Message('W', [0, 0, 0]));
        var reader = client.Task.GetAwaiter().GetResult();
        pieces.Between = reader.Wake;
        send(stream);
        while (stream.ReadByte() >= 0)
        {
        }
    }

    private static SslStream Tls(Stream raw)
    {
        FakeServer.ReadPacket(raw);
        raw.Write("S"u8);
        using var authority = new TestCertificates();
        var issued = authority.Issue("db", ["127.0.0.1"]);
        var tls = new SslStream(raw);
        tls.AuthenticateAsServer(X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem));
        return tls;
    }
}
