using System.Net.Sockets;
using System.Text;
using CdcFlow.Wire;

namespace CdcFlow.Postgres.Wire;

/// <summary>
/// One connection's messages: those that may come at any time (notices, parameter changes, errors) are dealt with here, the rest is the caller's.
/// A broken socket becomes a <see cref="PostgresTransportException"/>, a cancelled one an <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class ConnectionChannel(SocketStream socket, Stream stream, string server, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Messages besides the one that is waited for, and reported parameters, beyond which a server is not taken seriously.</summary>
    private const int AsideAtMost = 10_000;
    private const int ParametersAtMost = 1000;

    private readonly WireStream wire = new(stream);
    private readonly Dictionary<string, string> parameters = new(StringComparer.Ordinal);
    private volatile CdcFlowException? abandoned;

    /// <summary>What the server reported about itself and the session.</summary>
    internal IReadOnlyDictionary<string, string> Parameters => parameters;

    /// <summary>The server process of the session.</summary>
    internal int ProcessId { get; private set; }

    /// <summary>For building messages; used by the owner thread only.</summary>
    internal FrontendMessage Message { get; } = new();

    internal bool HasMessage => wire.HasMessage;

    internal bool GathersSmallReads
    {
        set => socket.GathersSmallReads = value;
    }

    /// <summary>Lets <see cref="WaitForNext"/> be ended by <see cref="Wake"/>.</summary>
    internal void MakeWakeable()
    {
        try
        {
            socket.MakeWakeable();
        }
        catch (SocketException e)
        {
            throw new PostgresTransportException(
                $"No socket can be made on this machine's loopback interface, which a waiting thread is woken by: {TransportFault.Reason(e)}.", e);
        }
    }

    /// <summary>Waits until the next message begins to arrive, or until another thread wakes this one. In the middle of a message nobody is woken:
    /// its rest is on its way.</summary>
    /// <returns>False: woken.</returns>
    /// <remarks>
    /// The wait is the socket's, before anything is read: a read of TLS that were cut short would leave the connection unusable. TLS gives out
    /// every record that it has whole, but for what the reader had no room for. Should it keep one back after a change of keys, which no server of
    /// PostgreSQL makes, then that waits for the server's next answer to a status.
    /// </remarks>
    internal bool WaitForNext()
    {
        try
        {
            return wire.HasBegun || (wire.WasFilled && stream != socket) || socket.WaitForBytes();
        }
        catch (Exception e) when (TransportFault.IsBroken(e))
        {
            throw Broken(e);
        }
    }

    /// <summary>Ends the wait for the next message, or the next such wait. Any thread; never fails.</summary>
    internal void Wake() => socket.Wake();

    /// <summary>Reads the next message that is the caller's business.</summary>
    /// <exception cref="PostgresServerException">An ErrorResponse came.</exception>
    internal byte Read(out ReadOnlySpan<byte> body)
    {
        for (var aside = 0; aside < AsideAtMost; aside++)
        {
            var type = ReadAny(out body);
            switch (type)
            {
                case BackendMessage.ErrorResponse:
                    throw new PostgresServerException(ErrorFields.Parse(body));
                case BackendMessage.ParameterStatus:
                    var reader = new WireReader(body);
                    parameters[Encoding.UTF8.GetString(reader.ReadCString())] = Encoding.UTF8.GetString(reader.ReadCString());
                    if (parameters.Count > ParametersAtMost)
                    {
                        throw Endless("reports parameter after parameter");
                    }

                    break;
                case BackendMessage.BackendKeyData:
                    ProcessId = new WireReader(body).ReadInt32();
                    break;
                case BackendMessage.NoticeResponse or BackendMessage.NotificationResponse:
                    break; // Addressed to a person at a prompt.
                default:
                    return type;
            }
        }

        throw Endless("sends notice after notice");
    }

    /// <summary>The length of the next message, whatever it is. Waits for its header only.</summary>
    internal int NextLength()
    {
        try
        {
            return wire.NextLength();
        }
        catch (Exception e) when (TransportFault.IsBroken(e))
        {
            throw Broken(e);
        }
    }

    /// <summary>Makes room for the whole next message at once; for lengths that have been admitted.</summary>
    internal void MakeRoomForNext() => wire.MakeRoomForNext();

    /// <summary>The beginning of the next message, which stays to be read.</summary>
    internal ReadOnlySpan<byte> Peek(int atMost)
    {
        try
        {
            return wire.Peek(atMost);
        }
        catch (Exception e) when (TransportFault.IsBroken(e))
        {
            throw Broken(e);
        }
    }

    /// <summary>Reads up to "ready for query"; what came before is of no interest.</summary>
    internal void ReadUntilReady()
    {
        for (var ignored = 0; Read(out _) != BackendMessage.ReadyForQuery; ignored++)
        {
            if (ignored == AsideAtMost)
            {
                throw Endless("sends message after message");
            }
        }
    }

    /// <summary>Breaks the connection from another thread; whoever waits on it gets the error.</summary>
    internal void Abandon(CdcFlowException error)
    {
        abandoned = error;
        socket.Dispose();
    }

    /// <summary>The error of an answer that does not come to its end.</summary>
    internal CdcFlowException Endless(string how) => new(
        PostgresWireErrorCodes.EndlessAnswer, $"The server at {server} {how} and does not come to an answer.",
        "Check that the address is your PostgreSQL server and what extensions and event triggers it has; the connection was closed.", ErrorDomain.External);

    /// <summary>After an error: makes the connection usable again if the server keeps it, and leaves it broken if not.</summary>
    internal void TryReadUntilReady()
    {
        try
        {
            ReadUntilReady();
        }
        catch (CdcFlowException e) when (e is PostgresTransportException or PostgresServerException)
        {
            // The error before this one is what the caller hears of; the next use of the connection fails by itself.
        }
    }

    internal void Write(ReadOnlySpan<byte> message)
    {
        try
        {
            wire.Write(message);
        }
        catch (Exception e) when (TransportFault.IsBroken(e))
        {
            throw Broken(e);
        }
    }

    public void Dispose() => wire.Dispose();

    private byte ReadAny(out ReadOnlySpan<byte> body)
    {
        try
        {
            return wire.Read(out body);
        }
        catch (Exception e) when (TransportFault.IsBroken(e))
        {
            throw Broken(e);
        }
    }

    private Exception Broken(Exception cause) => abandoned is { } error ? error : cancellationToken.IsCancellationRequested
        ? new OperationCanceledException($"The connection to {server} was closed by cancellation.", cause, cancellationToken)
        : PostgresTransportException.From(cause, server);
}
