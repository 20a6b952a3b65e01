using CdcFlow;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace ThirdParty.FooSink;

/// <summary>Writes are keyed, so repeating them after a crash changes nothing: there is no marker to read and nothing to commit.</summary>
internal sealed class FooConnection(FooTable table) : ISinkConnection
{
    public SinkKind Kind => SinkKind.Idempotent;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => new FooWriter<T, TCodec>(table);

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new PreflightReport("sink foo", []));

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SinkMarker?>(null);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => ValueTask.FromResult<CheckpointRef?>(null);

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => ValueTask.FromResult(Committable.None);

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class FooWriter<T, TCodec>(FooTable table) : ISinkWriter<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        foreach (ref readonly var change in batch.Changes)
        {
            switch (change.Operation)
            {
                case Operation.Truncate:
                    table.Rows.Clear();
                    break;
                case Operation.Delete:
                    table.Rows.TryRemove(TCodec.Key(change.Row), out _);
                    break;
                default:
                    table.Rows[TCodec.Key(change.Row)] = change.Row;
                    break;
            }
        }

        return ValueTask.CompletedTask;
    }
}
