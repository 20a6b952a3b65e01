using System.Data;
using System.Data.Common;
using CdcFlow.Formats;
using CdcFlow.Postgres.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>One session on the server and its open transaction, if there is one.</summary>
/// <remarks>Used by one node, one call at a time. After a failure it is of no more use: the pipeline restarts with another.</remarks>
internal sealed class SinkSession : IAsyncDisposable
{
    private static readonly string[] commandTimeout = ["Command Timeout", "CommandTimeout"];
    private static readonly TimeSpan keepAliveAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan keepAliveEvery = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private NpgsqlTransaction? transaction;

    private SinkSession(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        this.source = source;
        this.connection = connection;
    }

    /// <summary>The role, as SQL writes it.</summary>
    public string Role { get; private set; } = "";

    /// <summary>How long a statement may take; 0: as long as it takes.</summary>
    public int CommandTimeoutSeconds => connection.CommandTimeout;

    /// <summary>Whether the connection is gone.</summary>
    public bool IsBroken => connection.State != ConnectionState.Open;

    /// <summary>How many transactions were begun.</summary>
    public int Transactions { get; private set; }

    /// <summary>Connects.</summary>
    /// <param name="connectionString">To what, and how.</param>
    /// <param name="lockTimeoutSeconds">How long to wait for a lock.</param>
    /// <param name="subject">Who connects, as the start of a sentence.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CdcFlowException">No session could be had.</exception>
    public static async ValueTask<SinkSession> OpenAsync(string connectionString, int lockTimeoutSeconds, string subject, CancellationToken cancellationToken)
    {
        var settings = PostgresConnectionSettings.Parse(connectionString, ConnectionClient.Sink);
        var tls = new SinkTls(settings);
        RequireFiles(settings, subject);
        var source = DataSource(connectionString, settings, tls);
        try
        {
            var session = new SinkSession(source, await ConnectAsync(source, error => LoginErrors.Of(error, subject, settings, tls), cancellationToken));
            await session.ExecuteAsync(SinkSessionPins.SearchPath, cancellationToken);
            await session.ExecuteAsync(SinkSessionPins.Others(lockTimeoutSeconds), cancellationToken);
            session.Role = (await session.QueryAsync("SELECT pg_catalog.quote_ident(current_user)", reader => reader.GetString(0), cancellationToken))[0];
            return session;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the transaction of the checkpoint under way, if it is not open.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (transaction is null)
        {
            transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            Transactions++;
        }
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await transaction!.CommitAsync(cancellationToken);
        await transaction.DisposeAsync();
        transaction = null;
    }

    public async ValueTask RollbackAsync(CancellationToken cancellationToken)
    {
        if (transaction is not null)
        {
            await transaction.RollbackAsync(cancellationToken);
            await transaction.DisposeAsync();
            transaction = null;
        }
    }

    /// <summary>Runs one statement.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public async ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs statements in one round trip.</summary>
    /// <returns>For each, the number of rows that it changed, or found.</returns>
    public async ValueTask<IReadOnlyList<int>> ExecuteAllAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        var commands = statements.Select(statement => new NpgsqlBatchCommand(statement)).ToList();
        commands.ForEach(batch.BatchCommands.Add);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return [.. commands.Select(command => (int)command.Rows)];
    }

    /// <summary>Runs a query of a few rows.</summary>
    public async ValueTask<List<TRow>> QueryAsync<TRow>(
        string sql, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Sends a whole COPY stream.</summary>
    public async ValueTask CopyAsync(string sql, ByteBuffer stream, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
        await copy.WriteAsync(stream.WrittenMemory, cancellationToken);
    }

    /// <summary>Ends the session; the server rolls an open transaction back.</summary>
    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }

    private static void RequireFiles(PostgresConnectionSettings settings, string subject)
    {
        try
        {
            TlsHandshake.RequireFiles(settings);
        }
        catch (CdcFlowException unreadable)
        {
            throw new CdcFlowException(PostgresSinkErrors.Tls, $"{subject}: {unreadable.Happened}", unreadable.Fix, inner: unreadable);
        }
    }

    private static async ValueTask<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, Func<Exception, CdcFlowException> coded, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception error) when (LoginErrors.Is(error))
        {
            throw coded(error);
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private static NpgsqlDataSource DataSource(string connectionString, PostgresConnectionSettings settings, SinkTls tls)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            TcpKeepAlive = !settings.IsUnixSocket, // of a unix socket these cannot be set
            TcpKeepAliveTime = settings.IsUnixSocket ? 0 : (int)keepAliveAfter.TotalSeconds,
            TcpKeepAliveInterval = settings.IsUnixSocket ? 0 : (int)keepAliveEvery.TotalSeconds,
            ApplicationName = settings.ApplicationName,
        };
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (!commandTimeout.Any(given.ContainsKey))
        {
            text.CommandTimeout = 0; // Npgsql's own limit would end a statement that works; a lost connection is noticed all the same
        }

        NpgsqlPolicy.Apply(settings, text);

        // The same few statements run again and again.
        text.MaxAutoPrepare = 64;
        text.AutoPrepareMinUsages = 2;
        var builder = new NpgsqlSlimDataSourceBuilder(text.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        tls.Apply(builder);

        // Npgsql would ask the server's types before anything else, by whatever search path the role has. All that travels is built in.
        builder.ConfigureTypeLoading(loading => loading.EnableTypeLoading(false));
        return builder.Build();
    }
}
