using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>Reads checkpoints with their side files, and verifies these: a store need not. Each file is read once, however many checkpoints name it.</summary>
/// <param name="store">The store.</param>
public sealed class SideFileReading(ICheckpointStore store)
{
    private readonly Dictionary<SideFileRef, string?> problems = [];

    /// <summary>Reads one checkpoint, whole or <see cref="DamagedCheckpoint"/>.</summary>
    /// <returns>Null when it does not exist (any more).</returns>
    /// <exception cref="CdcFlowException">The store cannot be read.</exception>
    public async ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(checkpoint, cancellationToken);
        if (stored is not ReadableCheckpoint { Manifest: var manifest } || await ProblemAsync(manifest, cancellationToken) is not { } problem)
        {
            return stored;
        }

        // The instance that runs may have deleted the checkpoint meanwhile, and then its files.
        return await store.LoadAsync(checkpoint, cancellationToken) is null
            ? null
            : new DamagedCheckpoint(checkpoint, CheckpointErrorCodes.SideFileLost, problem) { Bytes = stored.Bytes };
    }

    /// <summary>Reads one side file of a checkpoint that is restored.</summary>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.SideFileLost"/>: it is missing or damaged, since it was verified.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ICheckpointStore store, CheckpointRef checkpoint, SideFileRef file, CancellationToken cancellationToken) =>
        await store.LoadSideFileAsync(file, cancellationToken) is { } bytes && SideFile.Is(file, bytes.Span)
            ? bytes
            : throw new CdcFlowException(
                CheckpointErrorCodes.SideFileLost, $"Checkpoint {checkpoint} cannot be restored: side file {file} was damaged or deleted while it was read.",
                "Start the pipeline again: it says what is left to go on from.", ErrorDomain.External);

    private async ValueTask<string?> ProblemAsync(CheckpointManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var file in manifest.SideFiles)
        {
            if (!problems.TryGetValue(file, out var problem))
            {
                problem = await store.LoadSideFileAsync(file, cancellationToken) is not { } bytes ? $"its side file {file} is missing"
                    : SideFile.Is(file, bytes.Span) ? null
                    : $"its side file {file} is not what was written";
                problems.Add(file, problem);
            }

            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }
}
