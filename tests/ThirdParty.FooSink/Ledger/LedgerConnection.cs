using CdcFlow;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace ThirdParty.FooSink.Ledger;

/// <summary>A session: what it was given and has not committed dies with it.</summary>
/// <param name="server">What it writes to.</param>
/// <param name="pipeline">Whose marker it reads and writes.</param>
public sealed class LedgerConnection(LedgerServer server, string pipeline) : ISinkConnection, ISinkRejects
{
    private readonly List<LedgerWrite> writes = [];
    private readonly List<StoredReject> rejects = [];
    private StoreId store;

    /// <inheritdoc/>
    public SinkKind Kind => SinkKind.Transactional;

    /// <inheritdoc/>
    public ISinkRejects Rejects => this;

    /// <inheritdoc/>
    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => new LedgerWriter<T, TCodec>(name, writes);

    /// <inheritdoc/>
    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        new PreflightReport("sink ledger", [new PreflightCheck("server", PreflightStatus.Passed, "the server is in this process")]));

    /// <inheritdoc/>
    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => ValueTask.FromResult(server.Read(pipeline));

    /// <inheritdoc/>
    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
    {
        store = context.Store;
        return ValueTask.FromResult(server.Open(pipeline, context));
    }

    /// <inheritdoc/>
    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => ValueTask.FromResult(Committable.None);

    /// <inheritdoc/>
    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        server.Commit(pipeline, store, permit.Checkpoint, writes, rejects);
        writes.Clear();
        rejects.Clear();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Require(string sink)
    {
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken)
    {
        rejects.Add(StoredReject.Of(sink, rejected));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken) => ValueTask.FromResult(new RejectList([.. server.Rejects.Reverse().Take(max)]));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
