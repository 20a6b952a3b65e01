using System.Text.Json;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>All that one checkpoint consists of. Durable once <see cref="Stores.ICheckpointLease.WriteAsync(CheckpointManifest, IReadOnlyCollection{SideFile}, CancellationToken)"/> has returned.</summary>
/// <remarks>Immutable. Holds no secret and no row: positions, progress and names of staged output only.</remarks>
public sealed record CheckpointManifest
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The store that it was written to; null where version 0.1 wrote it. The sinks that it names had been told of that store before.</summary>
    public StoreId? Store { get; init; }

    /// <summary>Which checkpoint this is.</summary>
    public required CheckpointRef Checkpoint { get; init; }

    /// <summary>When it was prepared, by the clock of the instance that made it. For people; nothing is decided by it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A hash of the graph's nodes and edges, to notice that the pipeline was changed; empty when the graph has none.</summary>
    public required string GraphFingerprint { get; init; }

    /// <summary>What decides the rows of the sinks, as it was in the program that made the checkpoint; null in one of a version that did not keep it.</summary>
    public Definition? Definition { get; init; }

    /// <summary>The newest checkpoint that was known to be committed when this was written; null before the first.</summary>
    /// <remarks>It tells a sink whose marker was deleted from one that never committed. Names the checkpoint itself when
    /// the manifest was written again after its commit.</remarks>
    public required CheckpointRef? LastCommitted { get; init; }

    /// <summary>The state of each source connection, by its name.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Sources { get; init; }

    /// <summary>The state of each operator that keeps one, by node id.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Nodes { get; init; }

    /// <summary>What stands beside the manifest, as its states name it; each once. A store keeps these files for as long as it keeps the manifest. Empty by default.</summary>
    public IReadOnlyCollection<SideFileRef> SideFiles { get; init; } = [];

    /// <summary>What each sink connection handed over, by its name.</summary>
    public required IReadOnlyDictionary<string, PreparedSink> Sinks { get; init; }

    /// <summary>Whether it is known from the manifest alone that the checkpoint was committed on every sink.</summary>
    public bool IsKnownCommitted => LastCommitted == Checkpoint;

    /// <summary>The one connection whose transaction decides the checkpoint, or null when writing the manifest decided it.</summary>
    public string? TransactionalSink =>
        Sinks.Where(sink => sink.Value.Kind == SinkKind.Transactional).Select(sink => sink.Key).SingleOrDefault();

    // Only a checkpoint that was prepared or recovered, hence durable, asks for this.
    internal CommitPermit PermitFor(string connection, bool isKnownCommitted = false) =>
        new(Pipeline, Checkpoint, Sinks[connection].Committable) { IsKnownCommitted = isKnownCommitted };
}

/// <summary>One sink connection's part of a checkpoint.</summary>
/// <param name="Kind">How it takes part.</param>
/// <param name="Committable">What any process needs to commit it.</param>
public readonly record struct PreparedSink(SinkKind Kind, Committable Committable);
