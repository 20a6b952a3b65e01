using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>Tells the history what was prepared, and passes everything on.</summary>
internal sealed class RecordingStore(ICheckpointStore inner, History history) : ICheckpointStore
{
    public async ValueTask<ICheckpointLease> AcquireAsync(LeaseHolder holder, CancellationToken cancellationToken)
    {
        var lease = await inner.AcquireAsync(holder, cancellationToken);
        history.Acquired(holder, lease.Epoch);
        return new Lease(lease, holder, history);
    }

    public ValueTask<StoreId?> ReadIdAsync(CancellationToken cancellationToken) => inner.ReadIdAsync(cancellationToken);

    public ValueTask<LeaseStanding?> ReadLeaseAsync(string machine, CancellationToken cancellationToken) => inner.ReadLeaseAsync(machine, cancellationToken);

    public ValueTask<IReadOnlyList<CheckpointRef>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) =>
        inner.LoadAsync(checkpoint, cancellationToken);

    public ValueTask<IReadOnlyCollection<SideFileRef>> ListSideFilesAsync(CancellationToken cancellationToken) => inner.ListSideFilesAsync(cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> LoadSideFileAsync(SideFileRef file, CancellationToken cancellationToken) => inner.LoadSideFileAsync(file, cancellationToken);

    private sealed class Lease(ICheckpointLease inner, LeaseHolder holder, History history) : ICheckpointLease
    {
        public Epoch Epoch => inner.Epoch;

        public StoreId Store => inner.Store;

        public TimeSpan Duration => inner.Duration;

        public async ValueTask WriteAsync(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files, CancellationToken cancellationToken)
        {
            history.Preparing(manifest, files);
            await inner.WriteAsync(manifest, files, cancellationToken);
            history.Prepared(manifest.Checkpoint);
        }

        public ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => inner.DeleteAsync(checkpoint, cancellationToken);

        public ValueTask DeleteSideFilesAsync(IReadOnlyCollection<SideFileRef> files, CancellationToken cancellationToken) => inner.DeleteSideFilesAsync(files, cancellationToken);

        public ValueTask EraseAsync(CancellationToken cancellationToken) => inner.EraseAsync(cancellationToken);

        public ValueTask RenewAsync(CancellationToken cancellationToken) => inner.RenewAsync(cancellationToken);

        public async ValueTask RaiseAsync(Epoch above, CancellationToken cancellationToken)
        {
            await inner.RaiseAsync(above, cancellationToken);
            history.Acquired(holder, inner.Epoch);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
