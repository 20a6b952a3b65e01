using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.IO;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Keeps one pipeline's checkpoints in a directory.</summary>
/// <remarks>
/// Two processes on one machine are told apart by file locks, which the system takes back when a process dies: a successor starts at once.
/// Where a process is paused, or lives on another machine (a shared directory), a successor waits until the lease has stood still for its duration. The fence itself
/// needs no locks: a file system whose creations, renames and deletions are atomic, and seen at once by all, is enough.
/// </remarks>
public sealed class FileCheckpointStore : ICheckpointStore
{
    private readonly FileStoreContext context;

    /// <summary>Opens a store; nothing is read or made yet.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="directory">The pipeline's own directory; made when the lease is taken.</param>
    /// <param name="files">The file system; one that makes files for their owner alone is fitting.</param>
    /// <param name="time">The clock that leases expire by: by how fast it runs, not by what it shows.</param>
    /// <param name="leaseDuration">How long a lease lasts without renewal; 30 seconds by default.</param>
    public FileCheckpointStore(string pipeline, string directory, IFileSystem files, TimeProvider time, TimeSpan? leaseDuration = null) =>
        context = new FileStoreContext(pipeline, new StorePaths(directory), new StoreFiles(directory, files), time, leaseDuration ?? TimeSpan.FromSeconds(30));

    /// <summary>Makes the id of a store that has none; at random by default.</summary>
    public Func<StoreId> NewId { get; init; } = StoreId.New;

    /// <inheritdoc/>
    public ValueTask<ICheckpointLease> AcquireAsync(LeaseHolder holder, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ICheckpointLease>(FileCheckpointLease.Acquire(context, holder, NewId, cancellationToken));

    /// <inheritdoc/>
    public ValueTask RequireUsableAsync(CancellationToken cancellationToken)
    {
        context.Files.Probe();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StoreId?> ReadIdAsync(CancellationToken cancellationToken) => ValueTask.FromResult(StoreIdFile.Read(context));

    /// <inheritdoc/>
    public ValueTask<LeaseStanding?> ReadLeaseAsync(string machine, CancellationToken cancellationToken) => ValueTask.FromResult(LeaseReading.Of(context, machine));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CheckpointRef>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<CheckpointRef>>(
            [.. context.Files.List().Select(StorePaths.ParseCheckpoint).OfType<CheckpointRef>().Order(CheckpointOrder.NewestFirst)]);

    /// <inheritdoc/>
    public ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) =>
        ValueTask.FromResult(context.Files.Read(context.Paths.Checkpoint(checkpoint), CheckpointFile.BytesMax) switch
        {
            null => null,
            { Bytes: { } bytes } => CheckpointFile.Parse(checkpoint, bytes) with { Bytes = bytes.Length },
            { Length: var length } => CheckpointFile.TooLarge(checkpoint, length) with { Bytes = length },
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<SideFileRef>> ListSideFilesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyCollection<SideFileRef>>([.. context.Files.List().Select(StorePaths.ParseSideFile).OfType<SideFileRef>()]);

    /// <summary>Reads one side file; one that is larger than any side file is read as empty, which no name fits.</summary>
    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> LoadSideFileAsync(SideFileRef file, CancellationToken cancellationToken) =>
        ValueTask.FromResult(context.Files.Read(context.Paths.SideFile(file), SideFile.BytesMax) is { } found ? (ReadOnlyMemory<byte>)(found.Bytes ?? []) : default(ReadOnlyMemory<byte>?));
}

/// <summary>What the store and its leases work with.</summary>
internal sealed record FileStoreContext(string Pipeline, StorePaths Paths, StoreFiles Files, TimeProvider Time, TimeSpan LeaseDuration)
{
    /// <summary>What this process has seen of the lease, over all the times it asked.</summary>
    public LeaseWatch Watch { get; } = new(Time, LeaseDuration);
}
