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

    /// <summary>Commits the remaining sinks, in the order of their names. Repeatable, by any process.</summary>
    /// <returns>The proof with which sources may be confirmed.</returns>
    /// <exception cref="CdcFlowException">A sink is not committed. No newer checkpoint may begin before it is.</exception>
    public async ValueTask<DurableCheckpoint> CommitAsync(CommitSink commit, CancellationToken cancellationToken)
    {
        foreach (var connection in remaining)
        {
            await commit(connection, Manifest.PermitFor(connection), cancellationToken);
        }

        return new DurableCheckpoint(Manifest.Checkpoint);
    }
}
