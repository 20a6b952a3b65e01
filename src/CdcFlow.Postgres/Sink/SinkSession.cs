using System.Data;
using CdcFlow.Formats;
using CdcFlow.Postgres.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>One session on the server and its open transaction, if there is one.</summary>
/// <remarks>Used by one node, one call at a time. After a failure it is of no more use: the pipeline restarts with another.</remarks>
internal sealed class SinkSession : IAsyncDisposable
{
    private const int IdleTransactionMinutes = 30;

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private NpgsqlTransaction? transaction;

    private SinkSession(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        this.source = source;
        this.connection = connection;
    }

    /// <summary>Whether the connection is gone.</summary>
    public bool IsBroken => connection.State != ConnectionState.Open;

    /// <summary>How many transactions were begun.</summary>
    public int Transactions { get; private set; }

    public static async ValueTask<SinkSession> OpenAsync(string connectionString, int lockTimeoutSeconds, CancellationToken cancellationToken)
    {
        var source = DataSource(connectionString);
        try
        {
            var session = new SinkSession(source, await source.OpenConnectionAsync(cancellationToken));
            await session.ExecuteAsync(Pins(lockTimeoutSeconds), cancellationToken);
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
    /// <returns>For each, the number of rows that it changed.</returns>
    public async ValueTask<IReadOnlyList<int>> ExecuteAllAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        var commands = statements.Select(statement => new NpgsqlBatchCommand(statement)).ToList();
        commands.ForEach(batch.BatchCommands.Add);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return [.. commands.Select(command => (int)command.RecordsAffected)];
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

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private static NpgsqlDataSource DataSource(string connectionString)
    {
        var settings = PostgresConnectionSettings.Parse(connectionString);
        var text = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            TcpKeepAlive = true,
            ApplicationName = settings.ApplicationName,
            SslMode = settings.Tls switch
            {
                TlsMode.Disable => SslMode.Disable,
                TlsMode.Require => SslMode.Require,
                TlsMode.VerifyCA => SslMode.VerifyCA,
                _ => SslMode.VerifyFull,
            },
        };
        // The same few statements run again and again.
        text.MaxAutoPrepare = 64;
        text.AutoPrepareMinUsages = 2;
        var builder = new NpgsqlSlimDataSourceBuilder(text.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }

    // What the meaning of the sink's SQL and of values that travel as text depends on, whatever the role's or database's defaults are.
    private static string Pins(int lockTimeoutSeconds) =>
        $"""
        SET standard_conforming_strings = on; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';
        SET client_min_messages = warning; SET lock_timeout = '{lockTimeoutSeconds}s'; SET idle_in_transaction_session_timeout = '{IdleTransactionMinutes}min'
        """;
}
