using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Replication;

/// <summary>
/// The streaming replication protocol (<see href="https://www.postgresql.org/docs/current/protocol-replication.html"/>) on one connection.
/// </summary>
/// <remarks>
/// One thread reads. Status goes out on a timer of its own, so that a reader stalled by back-pressure is not taken for dead; it always
/// reports the position last <see cref="Confirm"/>ed, never one merely received: the server forgets what is reported.
/// </remarks>
internal sealed class ReplicationStream : IDisposable
{
    /// <summary>Reports without an answer after which a waiting reader takes the connection for dead.</summary>
    private const int SilentReports = 6;

    private const int LargeFrom = 1 << 20;
    private const int BeginningBytes = 64;

    private readonly ConnectionChannel channel;
    private readonly TimeProvider time;
    private readonly TimeSpan statusInterval;
    private readonly FrontendMessage status = new();
    private readonly Lock sending = new();
    private readonly ITimer timer;
    private ulong confirmed;
    private volatile bool isWaiting;
    private volatile int silence;
    private volatile CdcFlowException? failure;

    private ReplicationStream(ConnectionChannel channel, ReplicationOptions options, TimeProvider time)
    {
        this.channel = channel;
        this.time = time;
        confirmed = options.Start.Value;
        statusInterval = options.StatusInterval;
        timer = time.CreateTimer(static stream => ((ReplicationStream)stream!).Report(), this, statusInterval, statusInterval);
    }

    /// <summary>Starts streaming a slot. The connection belongs to the stream from here on.</summary>
    internal static ReplicationStream Start(PostgresConnection connection, ReplicationOptions options, TimeProvider time) =>
        new(connection.CopyBoth(options.Command), options, time);

    /// <summary>Called before a message of more than 1 MiB is received; what it needs to wait for is none of the server's fault.</summary>
    internal LargeMessage? BeforeLarge { get; set; }

    /// <summary>Whether the next message is here whole, so that reading it cannot wait.</summary>
    internal bool HasMessage => channel.HasMessage;

    /// <summary>The position that the server may forget up to.</summary>
    internal Lsn Confirmed => new(Volatile.Read(ref confirmed));

    /// <summary>Reads the next message, waiting for it or for <see cref="Wake"/>. A keepalive that wants an answer has got it.</summary>
    /// <returns>False: woken, and nothing of a message is here.</returns>
    internal bool TryRead(out WalMessage message)
    {
        isWaiting = true;
        try
        {
            if (!channel.WaitForNext())
            {
                message = default;
                return false;
            }

            AnnounceLarge(channel.NextLength());
            var type = channel.Read(out var body);
            silence = 0;
            message = type == BackendMessage.CopyData ? Parse(body) : throw Ended(type);
            return true;
        }
        catch (CdcFlowException) when (failure is { } earlier)
        {
            throw earlier;
        }
        finally
        {
            isWaiting = false;
        }
    }

    /// <summary>Tells the server that everything up to <paramref name="position"/> is kept elsewhere and may be forgotten. Any thread.</summary>
    /// <remarks>Never goes back: an older position than the last one is ignored.</remarks>
    internal void Confirm(Lsn position)
    {
        lock (sending)
        {
            if (position.Value <= confirmed)
            {
                return;
            }

            Volatile.Write(ref confirmed, position.Value);
            SendStatus(wantsReply: false);
        }
    }

    /// <summary>Ends the wait of <see cref="TryRead"/> that is under way, or the next one, without the server. Any thread; never fails.</summary>
    internal void Wake() => channel.Wake();

    public void Dispose() => timer.Dispose();

    private WalMessage Parse(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        switch (reader.ReadByte())
        {
            case (byte)'w':
                var walStart = new Lsn(reader.ReadUInt64());
                var walEnd = new Lsn(reader.ReadUInt64());
                reader.ReadInt64(); // the server's clock
                return reader.Remaining > 0
                    ? new WalMessage(walStart, walEnd, reader.ReadBytes(reader.Remaining))
                    : throw new PostgresProtocolException("The server sent log data without a byte.");
            case (byte)'k':
                var end = new Lsn(reader.ReadUInt64());
                reader.ReadInt64();
                if (reader.ReadByte() != 0)
                {
                    lock (sending)
                    {
                        SendStatus(wantsReply: false);
                    }
                }

                return new WalMessage(default, end, default);
            case var kind:
                throw new PostgresProtocolException($"The replication stream has a message of unknown kind {kind}.");
        }
    }

    private void AnnounceLarge(int length)
    {
        if (length > LargeFrom && BeforeLarge is { } announce)
        {
            var beginning = channel.Peek(BeginningBytes);
            isWaiting = false;
            if (announce(beginning, length))
            {
                channel.MakeRoomForNext();
            }

            isWaiting = true;
            silence = 0;
        }
    }

    // On the timer's thread. A failure here breaks the connection, and the reader throws it.
    private void Report()
    {
        try
        {
            if (isWaiting && ++silence > SilentReports)
            {
                throw new PostgresTransportException($"The server has been silent for {(statusInterval * SilentReports).TotalSeconds:0} s.");
            }

            if (!sending.TryEnter())
            {
                return; // Somebody is just sending.
            }

            try
            {
                SendStatus(wantsReply: isWaiting);
            }
            finally
            {
                sending.Exit();
            }
        }
        catch (Exception e) when (e is CdcFlowException or OperationCanceledException)
        {
            failure = e as CdcFlowException;
            timer.Dispose();
            channel.Dispose();
        }
    }

    private void SendStatus(bool wantsReply)
    {
        status.Start((byte)'d').Byte((byte)'r')
            .UInt64(confirmed).UInt64(confirmed).UInt64(confirmed)
            .UInt64((ulong)PostgresClock.ToMicroseconds(time.GetUtcNow()))
            .Byte(wantsReply ? (byte)1 : (byte)0);
        channel.Write(status.End());
    }

    private static CdcFlowException Ended(byte type) => type is BackendMessage.CopyDone or BackendMessage.CommandComplete
        ? new PostgresTransportException("The server ended the replication stream.")
        : new PostgresProtocolException($"The server sent message '{(char)type}' in the replication stream.");
}
