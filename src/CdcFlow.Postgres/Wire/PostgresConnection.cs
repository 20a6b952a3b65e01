using System.Globalization;
using System.Net.Security;
using System.Text;
using CdcFlow.Wire;

namespace CdcFlow.Postgres.Wire;

/// <summary>A synchronous connection to a PostgreSQL server.</summary>
/// <remarks>Touched by one thread at a time; calls wait in the operating system. Cancelling the token given to <see cref="Open"/>
/// closes the socket, whatever is under way then ends with <see cref="OperationCanceledException"/>.</remarks>
internal sealed class PostgresConnection : IDisposable
{
    /// <summary>No server refuses this client's start-up packet so; poolers do that with parameters that they do not keep.</summary>
    private const string ProtocolViolation = "08P01";

    /// <summary>The source asks the catalog and counts keys; rows of tables are copied.</summary>
    private const long AnswerBytesAtMost = 64 << 20;

    private readonly PostgresConnectionSettings settings;
    private readonly SocketStream socket;
    private readonly CancellationTokenRegistration cancellation;
    private ConnectionChannel channel = null!;

    private PostgresConnection(PostgresConnectionSettings settings, SocketStream socket, CancellationToken cancellationToken)
    {
        this.settings = settings;
        this.socket = socket;
        cancellation = cancellationToken.Register(static state => ((SocketStream)state!).Dispose(), socket);
    }

    /// <summary>What the server reported about itself and the session.</summary>
    internal IReadOnlyDictionary<string, string> Parameters => channel.Parameters;

    /// <summary>The server process of the session.</summary>
    internal int ProcessId => channel.ProcessId;

    /// <summary>The server's major version.</summary>
    internal int ServerVersion =>
        Parameters.TryGetValue("server_version", out var version)
            && int.TryParse(version.AsSpan(0, version.AsSpan().IndexOfAnyExceptInRange('0', '9') is var digits and > 0 ? digits : version.Length),
                NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? major
            : throw new PostgresProtocolException("The server does not say its version.");

    /// <summary>The server's address, for messages.</summary>
    internal string Server => settings.ToString();

    /// <summary>Connects, makes TLS as asked, and logs in.</summary>
    /// <exception cref="CdcFlowException">CDCF4001, 4002, 4004–4007, 4013.</exception>
    internal static PostgresConnection Open(PostgresConnectionSettings settings, SessionKind kind, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (settings.ConnectTimeout > TimeSpan.Zero)
        {
            deadline.CancelAfter(settings.ConnectTimeout);
        }

        var attempt = new ConnectAttempt();
        using var closing = deadline.Token.Register(attempt.Close);
        PostgresConnection? connection = null;
        try
        {
            connection = new PostgresConnection(settings, SocketStream.Connect(settings.Addresses, attempt.Use), cancellationToken);
            connection.LogIn(kind, cancellationToken);
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested)
            {
                throw new PostgresTransportException($"The connection to {settings} failed: the server did not answer in {settings.ConnectTimeout.TotalSeconds:0} s.", e);
            }

            if (TransportFault.IsBroken(e))
            {
                throw PostgresTransportException.From(e, settings.ToString());
            }

            throw;
        }
    }

    /// <summary>Breaks the connection; the statement under way ends with the error. Any thread.</summary>
    internal void Abandon(CdcFlowException error) => channel.Abandon(error);

    /// <summary>Runs statements in the simple protocol and returns the last one's rows.</summary>
    internal QueryResult Query(string sql)
    {
        Ask(sql);
        return Answer();
    }

    /// <summary>Starts <c>COPY (…) TO STDOUT (FORMAT binary)</c>, perhaps with statements after it. The connection is free again when the reader
    /// has reached the end.</summary>
    internal CopyOutReader CopyOut(string sql)
    {
        Ask(sql);
        return CopyAnswer();
    }

    /// <summary>Sends statements without waiting. Several may be asked, also while a copy is being read; the server runs them one after another, and
    /// each is to be answered, in that order, by <see cref="Answer"/> or <see cref="CopyAnswer"/>. What is not read yet must fit into the socket.</summary>
    internal void Ask(string sql) => channel.Write(channel.Message.Start((byte)'Q').CString(sql).End());

    /// <summary>Reads the answer to statements that were asked: the last one's rows.</summary>
    internal QueryResult Answer()
    {
        var columns = Array.Empty<string>();
        var rows = new List<string?[]>();
        var bytes = 0L;
        return UntilReady(() =>
        {
            var type = channel.Read(out var body);
            bytes += body.Length;
            if (bytes > AnswerBytesAtMost)
            {
                throw channel.Endless("sends row after row");
            }

            switch (type)
            {
                case BackendMessage.RowDescription:
                    (columns, rows) = (ColumnNames(body), []);
                    return null;
                case BackendMessage.DataRow:
                    rows.Add(Values(body));
                    return null;
                case BackendMessage.CommandComplete or BackendMessage.EmptyQueryResponse:
                    return null;
                case BackendMessage.ReadyForQuery:
                    return new QueryResult(columns, rows);
                default:
                    throw new PostgresProtocolException($"The server sent message '{(char)type}' as the answer to a query.");
            }
        });
    }

    /// <summary>Reads the answer to a copy that was asked.</summary>
    internal CopyOutReader CopyAnswer()
    {
        Expect(BackendMessage.CopyOutResponse, "a COPY TO STDOUT");
        channel.GathersSmallReads = true;
        return new CopyOutReader(channel);
    }

    /// <summary>Starts what both sides talk in from then on. The connection's messages are the caller's from here on.</summary>
    /// <param name="command">A <c>START_REPLICATION</c>.</param>
    internal ConnectionChannel CopyBoth(string command)
    {
        Ask(command);
        Expect(BackendMessage.CopyBothResponse, "START_REPLICATION");
        channel.GathersSmallReads = true;
        channel.MakeWakeable();
        return channel;
    }

    public void Dispose()
    {
        cancellation.Dispose();
        socket.Dispose();
        channel?.Dispose();
    }

    private void LogIn(SessionKind kind, CancellationToken cancellationToken)
    {
        SslStream? tls = null;
        if (settings.Tls != TlsMode.Disable)
        {
            tls = new TlsHandshake(settings).Upgrade(socket);
        }

        channel = new ConnectionChannel(socket, (Stream?)tls ?? socket, settings.ToString(), cancellationToken);
        try
        {
            new Login(settings, channel, tls).Run(kind);
            channel.ReadUntilReady();
        }
        catch (PostgresServerException e) when (e.SqlState == ProtocolViolation)
        {
            throw SessionPins.Pooled($"refused the login with '{e.ServerMessage}'");
        }
        catch (PostgresServerException e)
        {
            throw e.At(settings);
        }

        SessionPins.Check(Query(SessionPins.FirstStatements(ServerVersion)).Scalar);
    }

    private void Expect(byte response, string command) => UntilReady(() =>
        channel.Read(out _) is var type && type == response
            ? this
            : throw new PostgresProtocolException($"The server answered {command} with message '{(char)type}'."));

    // After an error the server skips to ReadyForQuery, unless it ended the session: then the next read fails, and the first error is what counts.
    private TResult UntilReady<TResult>(Func<TResult?> next)
        where TResult : class
    {
        try
        {
            while (true)
            {
                if (next() is { } result)
                {
                    return result;
                }
            }
        }
        catch (PostgresServerException)
        {
            channel.TryReadUntilReady();
            throw;
        }
    }

    private static string[] ColumnNames(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var names = new string[FieldCount(ref reader, minimumLength: 19)];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Encoding.UTF8.GetString(reader.ReadCString());
            reader.ReadBytes(18); // table, column number, type, size, modifier, format
        }

        return names;
    }

    private static string?[] Values(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var values = new string?[FieldCount(ref reader, minimumLength: 4)];
        for (var i = 0; i < values.Length; i++)
        {
            var length = reader.ReadInt32();
            values[i] = length == -1 ? null : Encoding.UTF8.GetString(reader.ReadBytes(length));
        }

        return values;
    }

    private static int FieldCount(ref WireReader reader, int minimumLength)
    {
        var count = reader.ReadInt16();
        return count >= 0 && count * minimumLength <= reader.Remaining
            ? count
            : throw new PostgresProtocolException($"The server announces {count} fields in {reader.Remaining} bytes.");
    }
}
