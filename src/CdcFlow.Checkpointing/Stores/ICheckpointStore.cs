using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>Where one pipeline's checkpoints are kept, and who may write them.</summary>
/// <remarks>Reading needs no lease, so that tools can look while the pipeline runs. Members may be called by one caller at a time.</remarks>
public interface ICheckpointStore
{
    /// <summary>Takes the lease: an epoch above every earlier one.</summary>
    /// <remarks>Guarantee: a linearizable conditional create. Two callers never get the same epoch, and once this has returned, every
    /// write of an older epoch fails. All that older epochs wrote successfully is visible afterwards. An instance asks once, and keeps the lease over its restarts (<see cref="ICheckpointLease.RaiseAsync"/>): one that was paused and has
    /// a successor must find itself fenced, and not fence the successor in turn.</remarks>
    /// <param name="holder">Who asks: told to anyone who is turned away.</param>
    /// <param name="cancellationToken">Gives up; an epoch may be used up.</param>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.LeaseHeld"/> names the holder; transient while it may be dead, so
    /// that asking again until a lease's duration has passed may succeed.</exception>
    ValueTask<ICheckpointLease> AcquireAsync(LeaseHolder holder, CancellationToken cancellationToken);

    /// <summary>Finds out whether a lease could be taken and a checkpoint written here, and leaves nothing behind. It says nothing of who has the lease.
    /// By default that is not known before.</summary>
    /// <exception cref="CdcFlowException">They could not: what <see cref="AcquireAsync"/> would throw.</exception>
    ValueTask RequireUsableAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The store's id.</summary>
    /// <returns>Null until the first lease has been taken, and where only version 0.1 ever took one.</returns>
    /// <exception cref="CdcFlowException">The store, or its id, cannot be read.</exception>
    ValueTask<StoreId?> ReadIdAsync(CancellationToken cancellationToken);

    /// <summary>Looks at the lease without asking for it: nobody is kept waiting, and no epoch is used up.</summary>
    /// <param name="machine">The name of the machine that looks, as its own instances give it in <see cref="LeaseHolder"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null before the first was taken.</returns>
    /// <exception cref="CdcFlowException">The store cannot be read.</exception>
    ValueTask<LeaseStanding?> ReadLeaseAsync(string machine, CancellationToken cancellationToken);

    /// <summary>All checkpoints of the store, readable or not, newest first.</summary>
    /// <remarks>Guarantee: every successful write that was not deleted is listed (no eventual consistency).</remarks>
    ValueTask<IReadOnlyList<CheckpointRef>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads and verifies one checkpoint.</summary>
    /// <remarks>Guarantee: what was written, whole, or <see cref="DamagedCheckpoint"/>; never a part.</remarks>
    /// <returns>Null when it does not exist (any more).</returns>
    /// <exception cref="CdcFlowException">The store cannot be read.</exception>
    ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken);

    /// <summary>All side files of the store, whether or not a checkpoint names them, in any order.</summary>
    /// <remarks>Guarantee: every one that a successful write left and that was not deleted is listed; one that a failed write left may be.</remarks>
    ValueTask<IReadOnlyCollection<SideFileRef>> ListSideFilesAsync(CancellationToken cancellationToken);

    /// <summary>Reads one side file. It need not be verified: whoever reads it compares it with its name (<see cref="SideFile.Is"/>).</summary>
    /// <returns>Null when it does not exist (any more).</returns>
    /// <exception cref="CdcFlowException">The store cannot be read.</exception>
    ValueTask<ReadOnlyMemory<byte>?> LoadSideFileAsync(SideFileRef file, CancellationToken cancellationToken);
}

/// <summary>The right to write a pipeline's checkpoints, until a newer epoch exists. Disposal gives it back, so that a successor need not wait.</summary>
public interface ICheckpointLease : IAsyncDisposable
{
    /// <summary>This instance's epoch, until it is raised.</summary>
    Epoch Epoch { get; }

    /// <summary>The store's id. Made with the first lease, and durable before a lease is given: whoever owns sinks in its name finds it again.</summary>
    StoreId Store { get; }

    /// <summary>How long the lease lasts without <see cref="RenewAsync"/>; renew at a third of it.</summary>
    TimeSpan Duration { get; }

    /// <summary>Writes a checkpoint of this epoch with its side files; an earlier one of the same reference is replaced.</summary>
    /// <remarks>Guarantee: atomic (all of it or nothing, at any crash), durable on return, and conditional: it fails when a newer epoch exists. At no moment, and after
    /// no crash, does the store hold a manifest without a side file that it names: the files are durable before the manifest is there. Of a write that failed, files may be left; no checkpoint names them, and the next
    /// instance that cleans up deletes them. A file that is there already is not written again.
    /// After any failure but <see cref="CdcFlowException.IsTransient"/> the outcome is unknown and the lease is of no more use.</remarks>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="files">What it names (<see cref="CheckpointManifest.SideFiles"/>) and no earlier write has left in the store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.SideFileLost"/>: the manifest names a file that is neither in <paramref name="files"/> nor in the store. Nothing
    /// was written in the checkpoint's place.</exception>
    ValueTask WriteAsync(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files, CancellationToken cancellationToken);

    /// <summary>Writes a checkpoint that needs no new side file.</summary>
    ValueTask WriteAsync(CheckpointManifest manifest, CancellationToken cancellationToken) => WriteAsync(manifest, [], cancellationToken);

    /// <summary>Deletes a checkpoint that no successor would restore (<see cref="Retention"/>); no error when it is gone.</summary>
    /// <remarks>Guarantee: fails when a newer epoch exists, though a call that is under way when one is taken may still take effect; durable at the
    /// latest with the next write.</remarks>
    ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken);

    /// <summary>Deletes side files that no checkpoint names (<see cref="Retention.Unnamed"/>); no error for one that is gone.</summary>
    /// <remarks>Guarantee: every deletion of a checkpoint that has returned is durable before a file goes, so that no loss of power brings one back without its files. It fails when a newer epoch exists;
    /// a call that is under way when one is taken may still take effect, and meets nothing of the newer one's, whose files have other names.</remarks>
    ValueTask DeleteSideFilesAsync(IReadOnlyCollection<SideFileRef> files, CancellationToken cancellationToken);

    /// <summary>Deletes every checkpoint, then every side file, and then the store's id: whoever takes the lease next begins afresh, with another id.</summary>
    /// <remarks>Guarantee: fails when a newer epoch exists; durable on return. A crash on the way leaves a store that can be erased again, in which no checkpoint takes the place of
    /// a newer one: the oldest go first. Epochs go on from here, so that whatever this one's predecessors still write fails.</remarks>
    ValueTask EraseAsync(CancellationToken cancellationToken);

    /// <summary>Extends the lease by <see cref="Duration"/> from now.</summary>
    /// <exception cref="CdcFlowException"><see cref="CdcFlowException.IsFenced"/>: a newer epoch exists.</exception>
    ValueTask RenewAsync(CancellationToken cancellationToken);

    /// <summary>Takes a new epoch for the same instance: each of its attempts has its own, which fences what the one before may have left.</summary>
    /// <remarks>Guarantee: a compare-and-swap. It never passes the epoch of another instance.</remarks>
    /// <param name="above">An epoch that the new one must also be above; the default for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CdcFlowException"><see cref="CdcFlowException.IsFenced"/>: another instance has a newer epoch.</exception>
    ValueTask RaiseAsync(Epoch above, CancellationToken cancellationToken);
}
