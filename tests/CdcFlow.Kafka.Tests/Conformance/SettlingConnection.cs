using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Tests.Conformance;

/// <summary>A connection whose commits return when readers see them: brokers answer as soon as a transaction is decided, and show it a moment later.</summary>
/// <param name="inner">The connection.</param>
/// <param name="settle">Waits until the sinks of these names show all that is decided.</param>
internal sealed class SettlingConnection(ISinkConnection inner, Func<IEnumerable<string>, CancellationToken, ValueTask> settle) : ISinkConnection
{
    private readonly List<string> sinks = [];

    public SinkKind Kind => inner.Kind;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        sinks.Add(name);
        return inner.AddWriter<T, TCodec>(attribute, name, settings);
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => inner.PreflightAsync(cancellationToken);

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => inner.ReadMarkerAsync(cancellationToken);

    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) => inner.FindTracesAsync(scope, cancellationToken);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => inner.OpenAsync(context, cancellationToken);

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => inner.PrepareAsync(checkpoint, cancellationToken);

    public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await inner.CommitAsync(permit, cancellationToken);
        await settle(sinks, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
