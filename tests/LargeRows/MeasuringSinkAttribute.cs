using CdcFlow;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace LargeRows;

/// <summary>Forgets the rows, and prints what the process holds when one without a text arrives.</summary>
[SinkCapabilities(SinkKind.Idempotent)]
public sealed class MeasuringSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => new MeasuringSink();
}

/// <inheritdoc cref="MeasuringSinkAttribute"/>
internal sealed class MeasuringSink : ISinkConnection
{
    public SinkKind Kind => SinkKind.Idempotent;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => new Writer<T>();

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => new(new PreflightReport("measuring sink", []));

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => new((SinkMarker?)null);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => new((CheckpointRef?)null);

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => new(Committable.None);

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;

    private sealed class Writer<T> : ISinkWriter<T>
        where T : class
    {
        public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                if (change.After is Document { Body: null, Data: null, Id: var id })
                {
                    Console.WriteLine($"row {id} holds {ProcessMemory.Megabytes}");
                }
            }

            return default;
        }
    }
}
