using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Stands in for a connector that could not be made, so that the pass goes on and finds the other problems too. Never opened.</summary>
internal sealed class UnusableConnector : ISourceConnector, ISinkConnection
{
    public static UnusableConnector Instance { get; } = new();

    public SinkKind Kind => SinkKind.AtLeastOnce;

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
    }

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => new Writer<T>();

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => throw NeverOpened();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException NeverOpened() => new("The connector could not be made; the configuration's problems come first.");

    private sealed class Writer<T> : ISinkWriter<T>
        where T : class
    {
        public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken) => throw NeverOpened();
    }
}
