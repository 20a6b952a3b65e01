using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rejects;
using CdcFlow.Rows;

namespace CdcFlow.Sinks;

/// <summary>One connection to a sink system, shared by all sinks that name it; they share its transaction.</summary>
/// <remarks>
/// All members and all writers of one connection are called by one node, one call at a time. Life:
/// <see cref="AddWriter"/> for each sink → <see cref="PreflightAsync"/>, <see cref="ReadMarkerAsync"/>, both or neither → <see cref="OpenAsync"/> once →
/// (writes* → <see cref="EndInput"/> the last time → <see cref="PrepareAsync"/> → <see cref="CommitAsync"/> or nothing, if the checkpoint was aborted)* → disposal.
/// Between prepare and commit no write arrives. A failed member ends the attempt: the pipeline disposes the connection and restarts
/// from the last checkpoint. Disposal without commit must leave nothing visible to readers.
/// </remarks>
public interface ISinkConnection : IAsyncDisposable
{
    /// <summary>How the connection takes part in checkpoints.</summary>
    SinkKind Kind { get; }

    /// <summary>The names of its sinks that keep their rows when the source's table is truncated, as one does that only appends.</summary>
    IEnumerable<string> KeepingSinks => [];

    /// <summary>The names of its sinks that update rows in place and keep what a change does not carry: a column that no change ever carries would stay there
    /// as a snapshot wrote it, so the pipeline does not start with one.</summary>
    IEnumerable<string> UpdatingSinks => [];

    /// <summary>Where it keeps changes that were set aside; null, the default, where it cannot: a pipeline that would set changes of its sinks aside does not start.</summary>
    ISinkRejects? Rejects => null;

    /// <summary>What decides the rows of one of its sinks besides the pipeline, so that a start notices when that has changed. By default nothing that is known.</summary>
    /// <param name="sink">The sink's name, as <see cref="AddWriter"/> was given it.</param>
    /// <returns>Null for a sink that keeps nothing: then nothing of it can be out of date.</returns>
    SinkContent? ContentOf(string sink) => SinkContent.Unknown;

    /// <summary>Adds a sink.</summary>
    /// <param name="attribute">The sink's attribute.</param>
    /// <param name="name">Its name, unique in the pipeline.</param>
    /// <param name="settings">The configuration of this sink, <c>CdcFlow:{pipeline}:Sinks:{name}</c>. The first sink of a connection
    /// gets the object that the connection was made with (<see cref="ConnectorContext.Settings"/>).</param>
    ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>;

    /// <summary>Checks everything that must hold before writing starts, without changing anything.</summary>
    ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken);

    /// <summary>The first reading: what the marker says now, read without changing anything. Nobody is fenced, no session ended, nothing made, and a
    /// transaction that is open is neither waited for nor disturbed.</summary>
    /// <remarks>By it a start that must not be is refused while the instance that runs goes on untouched. It allows nothing: an older instance may still commit after
    /// it, so that only what <see cref="OpenAsync"/> reads decides where to go on.</remarks>
    /// <returns>Null while no instance has ever opened the sink, and always for a sink that keeps no marker (<see cref="SinkKind.Idempotent"/>,
    /// <see cref="SinkKind.AtLeastOnce"/>). Once <see cref="OpenAsync"/> has returned, it names that call's store and epoch, before the first commit too.</returns>
    ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken);

    /// <summary>Finds what the pipeline has made at the sink besides rows: its marker above all, and staged output that no reader sees. Changes nothing; called instead of
    /// <see cref="OpenAsync"/>, by the order of a user who gives up what the pipeline knows.</summary>
    /// <remarks>Once all of it is removed, <see cref="ReadMarkerAsync"/> names no store and no checkpoint, any store may open the sink, and whatever an older instance still commits
    /// fails. Rows are never touched.</remarks>
    /// <param name="scope">Whose traces.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>In the order in which it is to be taken away; null, the default, where the sink does not know: a marker that it keeps stays.</returns>
    /// <exception cref="CdcFlowException">The sink cannot be asked, or the role may not take its traces away.</exception>
    ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<PipelineTrace>?>(null);

    /// <summary>Opens the connection for this epoch: first fences older epochs, then reads the marker, and writes epoch and store into it. The store of another marker
    /// than <see cref="SinkMarker.Admits"/> is refused as a newer epoch is, without fencing anybody.</summary>
    /// <returns>What the sink's own marker says was committed last; null when it has none (never for a <see cref="SinkKind.Transactional"/>
    /// sink that has committed before).</returns>
    /// <exception cref="CdcFlowException">A newer epoch, or another store, holds the sink; its table does not fit; ….</exception>
    ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken);

    /// <summary>No write comes any more: the sources have ended or the pipeline stops, and the next prepare is the last. A sink that keeps output back
    /// over checkpoints hands all of it over then. Told again if that checkpoint is aborted.</summary>
    void EndInput()
    {
    }

    /// <summary>Makes everything written since the last commit ready: flushed, each result checked, staged files durable.</summary>
    /// <remarks>If the checkpoint is aborted, the next prepare covers its writes too.</remarks>
    /// <returns>What any process needs to commit this checkpoint; <see cref="Committable.None"/> where nothing is.</returns>
    ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken);

    /// <summary>Commits. Idempotent: called again after a crash, by another process, for the same checkpoint.</summary>
    /// <remarks>A <see cref="SinkKind.Transactional"/> sink is called again only if its marker says that it has committed
    /// (then a no-op); a <see cref="SinkKind.Staged"/> one is called with the permit alone, without any write or prepare before.</remarks>
    /// <exception cref="CdcFlowException">Not committed, or the outcome is unknown; the pipeline restarts and the marker decides.</exception>
    ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken);
}

/// <summary>Takes the changes of one sink.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISinkWriter<T>
    where T : class
{
    /// <summary>Takes a batch; it does not release it, and does not keep it after the call.</summary>
    /// <exception cref="CdcFlowException">A row that cannot be written names sink, table, offset and fix.</exception>
    ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken);

    /// <summary>The columns of the source's table changed. Only of a sink that takes the source's own row type: behind a node that makes rows of another type there is no such call.
    /// Typed sinks, whose columns are known at compile time, have nothing to do.</summary>
    ValueTask ApplyAsync(SchemaChange change, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>What a sink connection opens with.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Epoch">This instance's epoch; writes of older ones must fail from now on.</param>
/// <param name="Delivery">What the pipeline asks for. Markers are written in either case: recovery rests on them.</param>
/// <param name="Store">The checkpoint store of this instance: it owns the sink from now on.</param>
public sealed record SinkOpenContext(string Pipeline, Epoch Epoch, Delivery Delivery, StoreId Store)
{
    /// <summary>The store that is to own the sink no longer, by its user's order; null, the default, where there is no such order.</summary>
    public StoreId? Replaces { get; init; }

    /// <summary>Counts what the sinks reject themselves. Default: nothing does.</summary>
    public IRejectCount RejectCount { get; init; } = IRejectCount.None;
}
