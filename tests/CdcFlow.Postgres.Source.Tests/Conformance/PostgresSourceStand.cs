using CdcFlow.Configuration;
using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Sources;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Source.Tests.Conformance;

/// <summary>A database with the tables of the conformance suite.</summary>
internal sealed class PostgresSourceStand : ISourceStand
{
    private readonly PostgresServer server;
    private readonly string database;
    private readonly NpgsqlDataSource connections;
    private StalledCommits? stalled;

    private PostgresSourceStand(PostgresServer server, string database)
    {
        this.server = server;
        this.database = database;
        connections = new NpgsqlSlimDataSourceBuilder(ConnectionString + ";Pooling=false").EnableArrays().Build();
    }

    public static SourceTraits Traits =>
        SourceTraits.Truncate | SourceTraits.SchemaChanges | SourceTraits.Rollback | SourceTraits.DelayedVisibility | SourceTraits.LogLoss | SourceTraits.Resnapshot
        | SourceTraits.Latest | SourceTraits.SnapshotOnly | SourceTraits.AddedTables | SourceTraits.ServerRestart;

    private string ConnectionString => server.SocketConnectionString(PostgresRole.Superuser, database);

    public static async Task<PostgresSourceStand> MakeAsync(PostgresServer server, string database, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync($"CREATE DATABASE {database}", "postgres", cancellationToken);
        await server.ExecuteAsync(string.Join("; ", StandTable.All.Select(table => StandSql.Create(table.Schema))), database, cancellationToken);
        return new PostgresSourceStand(server, database);
    }

    public ISourceConnector Connect(StandOptions options) => Attribute(options).CreateConnector(
        new ConnectorContext(SourceConformance.Pipeline, "shop", ConnectionString, ConnectorSettings.None, TimeProvider.System, null!, new RecordingLog()));

    public CdcSourceAttribute Source(StandTable table, StandOptions options) => Attribute(options);

    public async ValueTask ApplyAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken)
    {
        if (stalled is not null)
        {
            await stalled.AddAsync(session => ExecuteAsync(operations, commits: true, session, cancellationToken), cancellationToken);
            return;
        }

        await ExecuteAsync(operations, commits: true, _ => { }, cancellationToken);
    }

    public async ValueTask RollBackAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken) =>
        await ExecuteAsync(operations, commits: false, _ => { }, cancellationToken);

    public async ValueTask AddColumnAsync(StandTable table, string column, CancellationToken cancellationToken) =>
        await server.ExecuteAsync($"ALTER TABLE {StandSql.NameOf(table.Schema)} ADD COLUMN {column} text", database, cancellationToken);

    public async ValueTask<IAsyncDisposable> DelayVisibilityAsync(CancellationToken cancellationToken) =>
        stalled = await StalledCommits.BeginAsync(connections, () => stalled = null, cancellationToken);

    /// <summary>The slot is dropped, as an administrator does when the disk is full.</summary>
    public async ValueTask LoseLogAsync(CancellationToken cancellationToken)
    {
        while ((await server.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{database}' AND active", database, cancellationToken)).Count > 0)
        {
        }

        await server.ExecuteAsync($"SELECT pg_drop_replication_slot('{database}')", database, cancellationToken);
    }

    public async ValueTask RestartServerAsync(CancellationToken cancellationToken)
    {
        await server.KillAsync(cancellationToken);
        await server.StartAgainAsync(cancellationToken);
    }

    public async ValueTask<IReadOnlyList<object?[]>> ReadAsync(StandTable table, CancellationToken cancellationToken)
    {
        await using var command = connections.CreateCommand(StandSql.Select(table.Schema));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add([.. table.Schema.Columns.Select((column, index) => reader.IsDBNull(index) ? null : StandSql.Value(reader, index, column.ClrType))]);
        }

        return rows;
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private PostgresSourceAttribute Attribute(StandOptions options) => new("shop")
    {
        Slot = database,
        Startup = options.Startup,
        ChunkRows = options.ChunkRows,
        SlotWaitSeconds = 1,
        HeartbeatSeconds = 1,
    };

    private async Task ExecuteAsync(IReadOnlyList<RowOperation> operations, bool commits, Action<int> session, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenConnectionAsync(cancellationToken);
        session(connection.ProcessID);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var operation in operations)
        {
            batch.BatchCommands.Add(StandSql.Command(operation));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await (commits ? transaction.CommitAsync(cancellationToken) : transaction.RollbackAsync(cancellationToken));
    }
}
