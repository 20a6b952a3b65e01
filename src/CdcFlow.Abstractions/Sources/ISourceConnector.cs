using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;

namespace CdcFlow.Sources;

/// <summary>One connection to a source system, shared by all source nodes that name it: one slot, one log reader.</summary>
/// <remarks>Life: <see cref="AddTable"/> for each node, then <see cref="PreflightAsync"/>, <see cref="StandingAsync"/>, <see cref="SkipAsync"/>, <see cref="CheckOpenAsync"/> and
/// <see cref="FindTracesAsync"/> as often as somebody asks, <see cref="OpenAsync"/> at most once, then disposal.
/// A restarted pipeline makes a new connector.</remarks>
public interface ISourceConnector : IAsyncDisposable
{
    /// <summary>Adds an output that carries one table's rows; its index is the number of earlier calls.</summary>
    /// <param name="attribute">The node's attribute.</param>
    /// <param name="nodeId">The node's id, for messages.</param>
    void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T>;

    /// <summary>The tables added; a source that cannot read tables again has none.</summary>
    IReadOnlyList<TableId> Tables => [];

    /// <summary>The table that a node reads, as <see cref="Tables"/> names it; null, the default, where the row type's own name is all there is.</summary>
    /// <param name="nodeId">The node's id, as <see cref="AddTable"/> was given it.</param>
    TableId? TableOf(string nodeId) => null;

    /// <summary>Finds the tables that have another name now than in a checkpoint and are still the same: by their old names, the new ones. By default none.</summary>
    /// <param name="state">The checkpoint's state, as the source wrote it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyDictionary<TableId, TableId>> RenamedAsync(JsonElement state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyDictionary<TableId, TableId>>(new Dictionary<TableId, TableId>());

    /// <summary>Checks everything that must hold before reading starts, without changing anything on the server.</summary>
    /// <param name="state">The newest checkpoint's state, as the source wrote it, so that a table is known by what it is and not by its name; null without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken);

    /// <summary>Looks how the source stands, without opening it or changing anything: an instance that runs goes on. By default nothing is known.</summary>
    /// <param name="state">The newest checkpoint's state, as the source wrote it; null without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Also where the server cannot be asked: <see cref="SourceStanding.Failure"/> says why.</returns>
    ValueTask<SourceStanding> StandingAsync(JsonElement? state, CancellationToken cancellationToken) => ValueTask.FromResult(new SourceStanding());

    /// <summary>Finds the state in which everything that was committed up to a place in the log is left out. Changes nothing: the state takes effect with the checkpoint that it
    /// is written to. Called instead of <see cref="OpenAsync"/>, while no instance runs.</summary>
    /// <param name="state">The checkpoint's state, as the source wrote it.</param>
    /// <param name="place">The place, as the server writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CdcFlowException">There is no such place, the state is past it already, or a start could not go on from there either. By default <see cref="ErrorCodes.SkipUnknown"/>.</exception>
    ValueTask<SourceSkip> SkipAsync(JsonElement state, string place, CancellationToken cancellationToken) => throw new CdcFlowException(
        ErrorCodes.SkipUnknown, "The source has no places in a log that could be skipped to.", "Begin afresh instead: `reset`, then `run --resnapshot lost`.");

    /// <summary>Finds what the pipeline has made at the server, without changing anything. Called instead of <see cref="OpenAsync"/>, while no instance runs.</summary>
    /// <returns>In the order in which it is to be taken away; null, the default, where the source does not know.</returns>
    /// <exception cref="CdcFlowException">The server cannot be asked, or somebody reads the log.</exception>
    ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<PipelineTrace>?>(null);

    /// <summary>The checkpoint store that owns the source's place in the log, without changing anything.</summary>
    /// <returns>Null, the default, where none does, or nobody can tell.</returns>
    /// <exception cref="CdcFlowException">The server cannot be asked.</exception>
    ValueTask<StoreId?> OwnerAsync(CancellationToken cancellationToken) => ValueTask.FromResult<StoreId?>(null);

    /// <summary>Makes a checkpoint store the owner of the source's place in the log, by its user's order: another store's start without a checkpoint is refused it from then on. Called
    /// instead of <see cref="OpenAsync"/>.</summary>
    /// <returns>Whether another store was named before; false, the default, also where the source keeps no owner.</returns>
    /// <exception cref="CdcFlowException">The owner cannot be changed; with the fix.</exception>
    ValueTask<bool> TakeOverAsync(StoreId store, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <summary>Finds out what <see cref="OpenAsync"/> would refuse or warn of, given the same, without changing anything anywhere; also while an instance
    /// runs. By default nothing is known before.</summary>
    /// <returns>What it would warn of.</returns>
    /// <exception cref="CdcFlowException">What <see cref="OpenAsync"/> would throw.</exception>
    ValueTask<IReadOnlyList<PreflightCheck>> CheckOpenAsync(SourceOpenContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<PreflightCheck>>([]);

    /// <summary>Starts reading.</summary>
    /// <exception cref="CdcFlowException">With the fix; the log before the state is gone, the state is another server's, …</exception>
    ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken);
}

/// <summary>How long a source reads.</summary>
public enum Boundedness
{
    /// <summary>Until the pipeline is stopped.</summary>
    Continuous,

    /// <summary>Until all is handed over that was in the source when reading started (and the snapshot, where there is one).</summary>
    UntilCaughtUp,
}

/// <summary>What a source starts from.</summary>
/// <param name="State">The state of the checkpoint that the pipeline restores, as the source wrote it; null on a first start.</param>
/// <param name="Boundedness">How long to read.</param>
/// <param name="Budget">This source's share of the pipeline's byte budget; batches that the reader hands over carry leases of it.</param>
public sealed record SourceOpenContext(JsonElement? State, Boundedness Boundedness, MemoryBudget Budget)
{
    /// <summary>The checkpoint store of this instance, whose the source's place in the log is from now on where the source can keep that; null, the default, where whoever opens the
    /// source has none.</summary>
    public StoreId? Store { get; init; }

    /// <summary>What is to be read again; null: nothing.</summary>
    public ResnapshotRequest? Resnapshot { get; init; }

    /// <summary>For a node's id, as <see cref="ISourceConnector.AddTable"/> was given it, the sinks that its rows come to and that keep them when a table is
    /// truncated: what is read again comes to them once more. The source names them where it empties the node's table.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> KeepingSinks { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>A place in the source's log, as the source's messages name it, up to which changes that cannot be read are skipped; null, the default: they
    /// stop the source. A source that is past it already goes on as ever; one without such places refuses it.</summary>
    public string? SkipTo { get; init; }
}
