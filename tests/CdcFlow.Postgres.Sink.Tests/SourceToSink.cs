using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A table of a database, read by a PostgreSQL source and written by a sink to another table of the same database.</summary>
internal abstract class SourceToSink : IAsyncDisposable
{
    /// <summary>Copies until the source has read as many changes, or more, and commits.</summary>
    public abstract Task CopyAsync(int changes);

    public abstract ValueTask DisposeAsync();
}

/// <inheritdoc/>
internal sealed class SourceToSink<T, TCodec> : SourceToSink
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private readonly ISourceConnector connector;
    private readonly SinkInstance<T, TCodec> sink;
    private ISourceReader reader = null!;
    private long checkpoint;

    private SourceToSink(ISourceConnector connector, SinkInstance<T, TCodec> sink) => (this.connector, this.sink) = (connector, sink);

    /// <summary>What the source has read so far.</summary>
    public List<Change<T>> Changes { get; } = [];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public static async Task<SourceToSink<T, TCodec>> OpenAsync(
        TestDatabase database, string slot, Action<PostgresSinkAttribute>? configure = null, Startup startup = Startup.Initial)
    {
        var attribute = new PostgresSourceAttribute("shop") { Slot = slot, Startup = startup };
        var context = new ConnectorContext(
            "copy", "shop", database.Server.SocketConnectionString(PostgresRole.Superuser, database.Name), ConnectorSettings.None, TimeProvider.System, null!, new NoLog());
        var connector = attribute.CreateConnector(context);
        connector.AddTable<T, TCodec>(attribute, "Rows");
        var both = new SourceToSink<T, TCodec>(connector, await SinkInstance<T, TCodec>.OpenAsync(database.ConnectionString, 1, configure));
        both.reader = await connector.OpenAsync(new SourceOpenContext(null, Boundedness.Continuous, new MemoryBudget(64 << 20)), CancellationToken);
        return both;
    }

    public override Task CopyAsync(int changes) => CopyUntilAsync(() => Changes.Count >= changes);

    /// <summary>Copies until the source has read enough, and commits.</summary>
    public async Task CopyUntilAsync(Func<bool> isEnough)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        timeout.CancelAfter(patience);
        while (!isEnough() && await reader.ReadAsync(timeout.Token) is { } round)
        {
            foreach (var batch in round.Elements.Select(element => element.Element).OfType<ChangeBatch<T>>())
            {
                Changes.AddRange(batch.Changes);
                await sink.WriteAsync(batch);
                batch.Release();
            }
        }

        await sink.CheckpointAsync(++checkpoint);
    }

    /// <summary>Ends the sink's session, as a stop would.</summary>
    public ValueTask AbandonAsync() => sink.DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await connector.DisposeAsync();
        await sink.DisposeAsync();
    }

    private sealed class NoLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
