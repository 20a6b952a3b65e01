using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Tells the crash plan when a checkpoint becomes durable.</summary>
internal sealed class CrashingStore(ICheckpointStore inner, SimulatedProcess process, CrashPlan crash) : ICheckpointStore
{
    public async ValueTask<ICheckpointLease> AcquireAsync(LeaseHolder holder, CancellationToken cancellationToken)
    {
        await process.StepAsync("store: acquire");
        return new Lease(await inner.AcquireAsync(holder, cancellationToken), process, crash);
    }

    public async ValueTask<StoreId?> ReadIdAsync(CancellationToken cancellationToken)
    {
        await process.StepAsync("store: read its id");
        return await inner.ReadIdAsync(cancellationToken);
    }

    public async ValueTask<LeaseStanding?> ReadLeaseAsync(string machine, CancellationToken cancellationToken)
    {
        await process.StepAsync("store: look at the lease");
        return await inner.ReadLeaseAsync(machine, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<CheckpointRef>> ListAsync(CancellationToken cancellationToken)
    {
        await process.StepAsync("store: list");
        return await inner.ListAsync(cancellationToken);
    }

    public async ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        await process.StepAsync("store: load");
        return await inner.LoadAsync(checkpoint, cancellationToken);
    }

    public async ValueTask<IReadOnlyCollection<SideFileRef>> ListSideFilesAsync(CancellationToken cancellationToken)
    {
        await process.StepAsync("store: list side files");
        return await inner.ListSideFilesAsync(cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> LoadSideFileAsync(SideFileRef file, CancellationToken cancellationToken)
    {
        await process.StepAsync("store: load a side file");
        return await inner.LoadSideFileAsync(file, cancellationToken);
    }

    private sealed class Lease(ICheckpointLease inner, SimulatedProcess process, CrashPlan crash) : ICheckpointLease
    {
        public Epoch Epoch => inner.Epoch;

        public StoreId Store => inner.Store;

        public TimeSpan Duration => inner.Duration;

        public async ValueTask WriteAsync(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files, CancellationToken cancellationToken)
        {
            if (!manifest.IsKnownCommitted)
            {
                crash.Reached(process, CrashPoint.AfterPrepare);
            }

            await process.StepAsync("store: write");
            await inner.WriteAsync(manifest, files, cancellationToken);
            if (!manifest.IsKnownCommitted)
            {
                crash.Reached(process, CrashPoint.AfterCheckpointDurable);
            }
        }

        public async ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
        {
            await process.StepAsync("store: delete");
            await inner.DeleteAsync(checkpoint, cancellationToken);
        }

        public async ValueTask DeleteSideFilesAsync(IReadOnlyCollection<SideFileRef> files, CancellationToken cancellationToken)
        {
            await process.StepAsync("store: delete side files");
            await inner.DeleteSideFilesAsync(files, cancellationToken);
        }

        public async ValueTask EraseAsync(CancellationToken cancellationToken)
        {
            await process.StepAsync("store: erase");
            await inner.EraseAsync(cancellationToken);
        }

        public async ValueTask RenewAsync(CancellationToken cancellationToken)
        {
            await process.StepAsync("store: renew");
            await inner.RenewAsync(cancellationToken);
        }

        public async ValueTask RaiseAsync(Epoch above, CancellationToken cancellationToken)
        {
            await process.StepAsync("store: raise the epoch");
            await inner.RaiseAsync(above, cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await process.StepAsync("store: give the lease back");
            await inner.DisposeAsync();
        }
    }
}
