using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Tests;

/// <summary>A source that reads its configuration and answers checks.</summary>
[SourceCapabilities(Startup.Initial)]
public sealed class StubSourceAttribute(string connection) : CdcSourceAttribute(connection)
{
    public int ChunkRows { get; set; }

    public override ISourceConnector CreateConnector(ConnectorContext context)
    {
        var chunkRows = context.Settings.GetInt32(nameof(ChunkRows), ChunkRows, 1, 1000);
        context.Settings.GetBoolean("Verify", true);
        var connectionString = context.ConnectionString ?? throw new CdcFlowException(
            ErrorCodes.ConfigurationMissing, "There is no connection string.", $"Set ConnectionStrings:{Connection}.");
        if (connectionString.Contains("throws", StringComparison.Ordinal))
        {
            throw new ArgumentException($"Format of '{connectionString}' does not conform.");
        }

        return new StubSource(connectionString, chunkRows, context.OtherConnectionString("registry"));
    }
}

/// <summary>A sink that reads its configuration and has nothing to say.</summary>
[SinkCapabilities(SinkKind.Idempotent, LeavesTransactions = true)]
public sealed class StubSinkAttribute(string connection) : SinkAttribute(connection)
{
    public override ISinkConnection CreateConnection(ConnectorContext context) => new StubSink(context.ConnectionString ?? "");
}

internal sealed class StubSource(string connectionString, int chunkRows, string? registry) : ISourceConnector
{
    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
    }

    /// <summary>Fails when the connection string says so.</summary>
    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => connectionString.Contains("refused", StringComparison.Ordinal)
        ? throw new CdcFlowException("CDCF9003", "The server refused the password.", "Set another.")
        : ValueTask.FromResult(new PreflightReport("source shop",
    [
        new PreflightCheck("version", PreflightStatus.Passed, registry is null ? "PostgreSQL 18." : $"PostgreSQL 18, and a registry at {registry}."),
        new PreflightCheck("superuser", PreflightStatus.Warning, "The role may do everything.", "CDCF9001", "ALTER ROLE cdc NOSUPERUSER;"),
        connectionString.Contains("broken", StringComparison.Ordinal)
            ? new PreflightCheck("wal_level", PreflightStatus.Failed, "It is replica.", "CDCF9002", "ALTER SYSTEM SET wal_level = logical;\n-- then restart the server")
            : new PreflightCheck("wal_level", PreflightStatus.Passed, $"It is logical; a chunk has {chunkRows} rows."),
    ]));

    public ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class StubSink(string connectionString) : ISinkConnection, IOrphanedTransactions
{
    /// <summary>What else happens in the middle of an abort; set by the tests of one class alone.</summary>
    public static Func<Task>? WhileAborting { get; set; }

    public async ValueTask<IReadOnlyList<string>> AbortAsync(CancellationToken cancellationToken)
    {
        await (WhileAborting?.Invoke() ?? Task.CompletedTask);
        return ["lake.0"];
    }

    public SinkKind Kind => SinkKind.Idempotent;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        settings.GetTimeSpan("FlushInterval", TimeSpan.FromSeconds(1));
        if (connectionString.Contains("taken", StringComparison.Ordinal))
        {
            throw new CdcFlowException("CDCF9004", "A column is named as a field of the format is.", "Name it otherwise.");
        }

        return new Writer<T>();
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new PreflightReport("sink lake", []));

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SinkMarker?>(null);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Writer<T> : ISinkWriter<T>
        where T : class
    {
        public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
