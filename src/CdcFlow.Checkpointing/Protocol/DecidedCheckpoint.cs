using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>A checkpoint that will be committed on every sink, whatever crashes: what remains is repeatable.</summary>
public sealed class DecidedCheckpoint
{
    private readonly IReadOnlyList<string> remaining;

    internal DecidedCheckpoint(CheckpointManifest manifest, IEnumerable<string> remaining)
    {
        Manifest = manifest;
        this.remaining = [.. remaining.Order(StringComparer.Ordinal)];
    }

    /// <summary>Its state.</summary>
    public CheckpointManifest Manifest { get; }

    internal bool IsKnownCommitted { get; init; }

    /// <summary>Commits the remaining sinks, in the order of their names. Repeatable, by any process.</summary>
    /// <returns>The proof with which sources may be confirmed.</returns>
    /// <exception cref="CdcFlowException">A sink is not committed. No newer checkpoint may begin before it is.</exception>
    public async ValueTask<DurableCheckpoint> CommitAsync(CommitSink commit, CancellationToken cancellationToken)
    {
        foreach (var connection in remaining)
        {
            await commit(connection, Manifest.PermitFor(connection, IsKnownCommitted), cancellationToken);
        }

        return new DurableCheckpoint(Manifest.Checkpoint);
    }

    /// <summary>Writes the manifest again, saying that it was committed. Wanted after a pipeline's first checkpoint, so that a sink whose
    /// marker is deleted later is not taken for one that never committed, and after the last one before a stop in good order, so that
    /// sinks can be removed then. In between, the next manifest says it (<see cref="CheckpointManifest.LastCommitted"/>).</summary>
    /// <param name="lease">This instance's lease.</param>
    /// <param name="proof">What <see cref="CommitAsync"/> gave.</param>
    /// <param name="cancellationToken">Gives up; nothing is lost but the note.</param>
    public ValueTask NoteCommittedAsync(ICheckpointLease lease, DurableCheckpoint proof, CancellationToken cancellationToken) =>
        lease.WriteAsync(Manifest with { LastCommitted = proof.Checkpoint }, cancellationToken);
}
