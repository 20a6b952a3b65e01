using System.Text.Json;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>A checkpoint whose barriers are on their way: collects what sources, operators and sinks acknowledge.</summary>
/// <remarks>
/// pending → <see cref="PreparedCheckpoint"/> → <see cref="DecidedCheckpoint"/> → <see cref="DurableCheckpoint"/>; each step is made only by
/// the one before it, so no other order compiles. To abort, drop the object: nothing outside knows of it yet.
/// Touched only by the coordinator.
/// </remarks>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="checkpoint">Which checkpoint: this instance's epoch and the next free number.</param>
/// <param name="graphFingerprint">See <see cref="CheckpointManifest.GraphFingerprint"/>.</param>
/// <param name="lastCommitted">See <see cref="CheckpointManifest.LastCommitted"/>.</param>
public sealed class PendingCheckpoint(string pipeline, CheckpointRef checkpoint, string graphFingerprint, CheckpointRef? lastCommitted)
{
    private readonly Dictionary<string, JsonElement> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PreparedSink> sinks = new(StringComparer.Ordinal);
    private readonly HashSet<SideFileRef> names = [];
    private readonly List<SideFile> files = [];

    /// <summary>See <see cref="CheckpointManifest.Definition"/>; null by default.</summary>
    public Definition? Definition { get; init; }

    /// <summary>Which checkpoint.</summary>
    public CheckpointRef Checkpoint { get; } = checkpoint;

    /// <summary>A source connection's state at the barrier.</summary>
    /// <exception cref="ArgumentException">It has acknowledged before.</exception>
    public void AcknowledgeSource(string connection, JsonElement state) => sources.Add(connection, state);

    /// <summary>An operator's state at the barrier.</summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="state">Its state.</param>
    /// <param name="sideFiles">The side files that the state needs: those of <see cref="AddSideFile"/>, and what an earlier checkpoint has left in the store.</param>
    /// <exception cref="ArgumentException">It has acknowledged before.</exception>
    public void AcknowledgeNode(string nodeId, JsonElement state, params IEnumerable<SideFileRef> sideFiles)
    {
        nodes.Add(nodeId, state);
        names.UnionWith(sideFiles);
    }

    /// <summary>Side files that an earlier checkpoint has left in the store, of states that go from there into this one as they are.</summary>
    public void KeepSideFiles(IEnumerable<SideFileRef> sideFiles) => names.UnionWith(sideFiles);

    /// <summary>A side file that no earlier checkpoint of this instance has left in the store: it is written before the manifest.</summary>
    public void AddSideFile(SideFile file) => files.Add(file);

    /// <summary>A sink connection has prepared: everything up to the barrier is flushed and checked.</summary>
    /// <exception cref="ArgumentException">It has acknowledged before.</exception>
    /// <exception cref="InvalidOperationException">It is the second transactional connection: no single commit could decide.</exception>
    public void AcknowledgeSink(string connection, SinkKind kind, Committable committable)
    {
        if (kind == SinkKind.Transactional && sinks.Values.Any(sink => sink.Kind == SinkKind.Transactional))
        {
            throw new InvalidOperationException($"'{connection}' is the second transactional sink connection; a pipeline can have one.");
        }

        sinks.Add(connection, new PreparedSink(kind, committable));
    }

    /// <summary>Writes PREPARED: call it when everyone has acknowledged.</summary>
    /// <param name="lease">This instance's lease.</param>
    /// <param name="createdAt">Now, by the injected clock.</param>
    /// <param name="cancellationToken">Given up before the write; the checkpoint is then aborted.</param>
    /// <exception cref="CdcFlowException">Not written, or not known to be; a newer instance has the lease.</exception>
    public async ValueTask<PreparedCheckpoint> PrepareAsync(ICheckpointLease lease, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        if (lease.Epoch != Checkpoint.Epoch)
        {
            throw new InvalidOperationException($"Checkpoint {Checkpoint} is not one of epoch {lease.Epoch}.");
        }

        var manifest = new CheckpointManifest
        {
            Pipeline = pipeline,
            Store = lease.Store,
            Checkpoint = Checkpoint,
            CreatedAt = createdAt,
            GraphFingerprint = graphFingerprint,
            LastCommitted = lastCommitted,
            Definition = Definition,
            Sources = sources,
            Nodes = nodes,
            Sinks = sinks,
            SideFiles = names,
        };
        await lease.WriteAsync(manifest, files, cancellationToken);
        return new PreparedCheckpoint(manifest);
    }
}
