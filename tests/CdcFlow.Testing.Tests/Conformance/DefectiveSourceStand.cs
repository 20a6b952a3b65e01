using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Sources;

namespace CdcFlow.Testing.Tests.Conformance;

public enum SourceDefect
{
    DropsARead,
    ReadsAsInserts,
    EndsBeforeTheSnapshotDoes,
    CountsNoRows,
    ForgetsChangesDuringSnapshot,
    ForgetsMovedRows,
    ForgetsTruncates,
    LosesInvisibleCommits,
    RepeatsAfterRestart,
    StateIsARoundAhead,
    ForgetsDeletes,
    ReversesBatches,
    NullsLargeValues,
    TearsTransactions,
    RepeatsSchemas,
    SchemasComeLate,
    NeverEnds,
    EndsOnlyWhenIdle,
    AlwaysReadsTables,
    ConfirmsTooEarly,
    BeginsAnewWhereLogIsLost,
    SharesTheLog,
    KeepsBytes,
    IgnoresCancellation,
}

/// <summary>The in-memory source with one defect.</summary>
internal sealed class DefectiveSourceStand(SourceDefect defect) : ISourceStand
{
    private int readers;

    public InMemorySourceStand Inner { get; } = new();

    public ISourceConnector Connect(StandOptions options)
    {
        var reader = defect == SourceDefect.SharesTheLog ? $"reader {++readers}" : SourceConformance.Pipeline;
        var startup = defect == SourceDefect.AlwaysReadsTables ? Startup.Initial : options.Startup;
        return new DefectiveConnector(Inner.Connect(options with { Startup = startup }, reader), this, defect);
    }

    public CdcSourceAttribute Source(StandTable table, StandOptions options) => Inner.Source(table, options);

    public ValueTask ApplyAsync(IReadOnlyList<RowOperation> operations, CancellationToken cancellationToken) => Inner.ApplyAsync(operations, cancellationToken);

    public ValueTask<IReadOnlyList<object?[]>> ReadAsync(StandTable table, CancellationToken cancellationToken) => Inner.ReadAsync(table, cancellationToken);

    public ValueTask AddColumnAsync(StandTable table, string column, CancellationToken cancellationToken) => Inner.AddColumnAsync(table, column, cancellationToken);

    public ValueTask<IAsyncDisposable> DelayVisibilityAsync(CancellationToken cancellationToken) => Inner.DelayVisibilityAsync(cancellationToken);

    public ValueTask LoseLogAsync(CancellationToken cancellationToken) => Inner.LoseLogAsync(cancellationToken);

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    private sealed class DefectiveConnector(ISourceConnector inner, DefectiveSourceStand stand, SourceDefect defect) : ISourceConnector
    {
        public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
            where T : class
            where TCodec : struct, IRowCodec<T> => inner.AddTable<T, TCodec>(attribute, nodeId);

        public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => inner.PreflightAsync(state, cancellationToken);

        public async ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken)
        {
            var asked = defect is SourceDefect.NeverEnds or SourceDefect.EndsOnlyWhenIdle ? context with { Boundedness = Boundedness.Continuous } : context;
            try
            {
                return new DefectiveReader(await inner.OpenAsync(asked, cancellationToken), stand.Inner, defect, context);
            }
            catch (CdcFlowException error) when (error.IsPositionLost && defect == SourceDefect.BeginsAnewWhereLogIsLost)
            {
                return await inner.OpenAsync(asked with { State = null }, cancellationToken);
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
