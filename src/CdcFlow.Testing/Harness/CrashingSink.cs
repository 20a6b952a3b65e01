using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Tells the crash plan how far a sink is in a checkpoint, and the world which sinks it serves.</summary>
internal sealed class CrashingSink(
    string connection, ISinkConnection inner, TestWorld world, InMemorySinkServer server, SimulatedProcess process, CrashPlan crash) : ISinkConnection
{
    public SinkKind Kind => inner.Kind;

    public ISinkRejects? Rejects => inner.Rejects;

    public SinkContent? ContentOf(string sink) => inner.ContentOf(sink);

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        world.Outputs.TryAdd(name, new TestOutput(connection, server, row => RowText.Of<T, TCodec>((T)row)));
        return inner.AddWriter<T, TCodec>(attribute, name, settings);
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => inner.PreflightAsync(cancellationToken);

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => inner.ReadMarkerAsync(cancellationToken);

    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) => inner.FindTracesAsync(scope, cancellationToken);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => inner.OpenAsync(context, cancellationToken);

    public void EndInput() => inner.EndInput();

    public async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        crash.Reached(process, CrashPoint.DuringAlign, connection);
        var committable = await inner.PrepareAsync(checkpoint, cancellationToken);
        crash.Reached(process, CrashPoint.AfterPrepare, connection);
        return committable;
    }

    public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await inner.CommitAsync(permit, cancellationToken);
        crash.Reached(process, CrashPoint.DuringCommit, connection);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
