using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>Commits one sink connection with a permit; the caller routes it to the node that owns the connection.</summary>
/// <param name="connection">The sink connection's name.</param>
/// <param name="permit">The proof that committing is in order.</param>
/// <param name="cancellationToken">Gives up waiting; the outcome is then unknown and the pipeline must restart.</param>
public delegate ValueTask CommitSink(string connection, CommitPermit permit, CancellationToken cancellationToken);

/// <summary>A checkpoint whose state is durable, and which is not decided yet.</summary>
public sealed class PreparedCheckpoint
{
    internal PreparedCheckpoint(CheckpointManifest manifest) => Manifest = manifest;

    /// <summary>What was written.</summary>
    public CheckpointManifest Manifest { get; }

    /// <summary>Decides the checkpoint: commits the transactional connection, whose marker is the decision. Without one, the write of
    /// the manifest was the decision and nothing is called.</summary>
    /// <exception cref="CdcFlowException">Not committed, or unknown. Restart: the marker decides. Nothing else may be committed.</exception>
    public async ValueTask<DecidedCheckpoint> DecideAsync(CommitSink commit, CancellationToken cancellationToken)
    {
        var decider = Manifest.TransactionalSink;
        if (decider is not null)
        {
            await commit(decider, Manifest.PermitFor(decider), cancellationToken);
        }

        return new DecidedCheckpoint(Manifest, Manifest.Sinks.Keys.Where(connection => connection != decider));
    }
}
