using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Testing.Tests.Conformance;

/// <summary>A suite that cannot find known defects proves nothing: sinks with one defect each, and the check that must find it.</summary>
public sealed class SinkConformanceFindsTests
{
    [Theory]
    [InlineData(Defect.CommitsAtPrepare, SinkKind.Transactional, "Nothing is visible before commit")]
    [InlineData(Defect.CommitsAtPrepare, SinkKind.Staged, "A crash after prepare leaves nothing visible")]
    [InlineData(Defect.ForgetsAbortedWrites, SinkKind.Transactional, "Writes of an aborted checkpoint are covered by the next")]
    [InlineData(Defect.IgnoresOthersCommittables, SinkKind.Staged, "Another process commits what was prepared")]
    [InlineData(Defect.NeverFences, SinkKind.Transactional, "An older instance cannot commit")]
    [InlineData(Defect.NeverFences, SinkKind.Transactional, "An older instance cannot open")]
    [InlineData(Defect.HidesMarker, SinkKind.Transactional, "The marker names the last committed checkpoint")]
    [InlineData(Defect.DropsDeletes, SinkKind.Transactional, "Inserts, updates and deletes give the source's rows")]
    [InlineData(Defect.ReversesBatches, SinkKind.Staged, "Changes of one key take effect in order")]
    [InlineData(Defect.DoublesCommits, SinkKind.Transactional, "Commit shows exactly what was prepared")]
    [InlineData(Defect.WritesNothing, SinkKind.AtLeastOnce, "Every type keeps its value")]
    public async Task Defect_is_found(Defect defect, SinkKind kind, string check)
    {
        var suite = new SinkConformance(kind, _ => ValueTask.FromResult<ISinkTarget>(new DefectiveTarget(kind, defect)));
        await Assert.ThrowsAsync<ConformanceException>(() => suite.RunAsync(check, TestContext.Current.CancellationToken));
    }

    public enum Defect
    {
        CommitsAtPrepare,
        ForgetsAbortedWrites,
        IgnoresOthersCommittables,
        NeverFences,
        HidesMarker,
        DropsDeletes,
        ReversesBatches,
        DoublesCommits,
        WritesNothing,
    }

    private sealed class DefectiveTarget(SinkKind kind, Defect defect) : ISinkTarget
    {
        private readonly InMemoryTarget target = new(kind);

        public ISinkConnection Connect() => new DefectiveConnection(target, defect);

        public SinkAttribute Sink(string name) => target.Sink(name);

        public ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken) => target.ReadAsync(sink, schema, cancellationToken);

        public ValueTask<long?> CountChangesAsync(string sink, CancellationToken cancellationToken) => target.CountChangesAsync(sink, cancellationToken);

        public ValueTask DisposeAsync() => target.DisposeAsync();
    }

    private sealed class DefectiveConnection(InMemoryTarget target, Defect defect) : ISinkConnection
    {
        private readonly ISinkConnection inner = target.Connect();
        private readonly HashSet<CheckpointRef> prepared = [];
        private bool forgets;

        public SinkKind Kind => inner.Kind;

        public bool Forgets => forgets;

        public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
            where T : class
            where TCodec : struct, IRowCodec<T> => new DefectiveWriter<T>(inner.AddWriter<T, TCodec>(attribute, name, settings), this, defect);

        public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => inner.PreflightAsync(cancellationToken);

        public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => inner.ReadMarkerAsync(cancellationToken);

        public async ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
        {
            var epoch = defect == Defect.NeverFences ? new Epoch(1) : context.Epoch;
            var marker = await inner.OpenAsync(context with { Epoch = epoch }, cancellationToken);
            return defect == Defect.HidesMarker ? null : marker;
        }

        public async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
        {
            var committable = await inner.PrepareAsync(checkpoint, cancellationToken);
            prepared.Add(checkpoint);
            if (defect == Defect.CommitsAtPrepare)
            {
                await inner.CommitAsync(SinkConformance.Permit(checkpoint, committable), cancellationToken);
            }

            forgets = defect == Defect.ForgetsAbortedWrites;
            return committable;
        }

        public async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
        {
            if (defect == Defect.IgnoresOthersCommittables && !prepared.Contains(permit.Checkpoint))
            {
                return;
            }

            await inner.CommitAsync(permit, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class DefectiveWriter<T>(ISinkWriter<T> inner, DefectiveConnection connection, Defect defect) : ISinkWriter<T>
        where T : class
    {
        public async ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
        {
            var kept = new ChangeBatch<T>();
            var changes = batch.Changes.ToArray().AsEnumerable();
            changes = defect switch
            {
                Defect.DropsDeletes => changes.Where(change => change.Operation != Operation.Delete),
                Defect.ReversesBatches => changes.Reverse(),
                Defect.DoublesCommits => changes.Concat(changes),
                Defect.WritesNothing => [],
                Defect.ForgetsAbortedWrites when connection.Forgets => [],
                _ => changes,
            };
            foreach (var change in changes)
            {
                kept.Add(change);
            }

            await inner.WriteAsync(kept, cancellationToken);
        }
    }
}
