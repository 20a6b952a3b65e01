using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Tells the crash plan when a source is confirmed to, and the world which nodes it serves.</summary>
internal sealed class CrashingSource(string connection, ISourceConnector inner, TestWorld world, SimulatedProcess process, CrashPlan crash) : ISourceConnector
{
    public IReadOnlyList<TableId> Tables => inner.Tables;

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        world.Tables.TryAdd(nodeId, new TestTable<T, TCodec>(world.Database(connection)));
        inner.AddTable<T, TCodec>(attribute, nodeId);
    }

    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => inner.PreflightAsync(state, cancellationToken);

    public ValueTask<SourceStanding> StandingAsync(JsonElement? state, CancellationToken cancellationToken) => inner.StandingAsync(state, cancellationToken);

    public ValueTask<SourceSkip> SkipAsync(JsonElement state, string place, CancellationToken cancellationToken) => inner.SkipAsync(state, place, cancellationToken);

    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) => inner.FindTracesAsync(scope, cancellationToken);

    public ValueTask<StoreId?> OwnerAsync(CancellationToken cancellationToken) => inner.OwnerAsync(cancellationToken);

    public ValueTask<bool> TakeOverAsync(StoreId store, CancellationToken cancellationToken) => inner.TakeOverAsync(store, cancellationToken);

    public ValueTask<IReadOnlyList<PreflightCheck>> CheckOpenAsync(SourceOpenContext context, CancellationToken cancellationToken) => inner.CheckOpenAsync(context, cancellationToken);

    public async ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken) =>
        new Reader(await inner.OpenAsync(context, cancellationToken), process, crash);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Reader(ISourceReader inner, SimulatedProcess process, CrashPlan crash) : ISourceReader
    {
        public SourceProgress Progress => inner.Progress;

        public ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);

        public ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken)
        {
            crash.Reached(process, CrashPoint.AfterCommit);
            return inner.ConfirmAsync(checkpoint, state, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
