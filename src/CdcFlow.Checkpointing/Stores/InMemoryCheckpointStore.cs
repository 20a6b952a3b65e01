using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>Keeps checkpoints for the life of the process: for tests, and for pipelines that start afresh each time. Thread-safe.</summary>
/// <remarks>A holder that never released its lease counts as dead when <see cref="AbandonLease"/> was called or its lease has expired.</remarks>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="time">The clock that leases expire by; its time of day does not matter.</param>
public sealed class InMemoryCheckpointStore(string pipeline, TimeProvider time) : ICheckpointStore
{
    private readonly string name = pipeline;
    private readonly TimeProvider clock = time;
    private readonly Lock gate = new();
    private readonly Dictionary<CheckpointRef, CheckpointManifest> manifests = [];
    private readonly Dictionary<SideFileRef, ReadOnlyMemory<byte>> sideFiles = [];
    private Epoch epoch;
    private LeaseHolder? holder;
    private StoreId id = StoreId.New();
    private long renewedAt;

    /// <summary>The store's id; a random one by default, and another one once the store was erased.</summary>
    public StoreId Id
    {
        get => id;
        init => id = value;
    }

    /// <summary>How long a lease lasts without renewal; 30 seconds by default.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>As if the holder's process had died: its lease is free, though it may still try to write.</summary>
    public void AbandonLease()
    {
        lock (gate)
        {
            holder = null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ICheckpointLease> AcquireAsync(LeaseHolder holder, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (this.holder is not null && clock.GetElapsedTime(renewedAt) < LeaseDuration)
            {
                throw LeaseErrors.Held(name, epoch, this.holder, LeaseDuration, mayBeDead: true);
            }

            epoch = new Epoch(epoch.Value + 1);
            this.holder = holder;
            renewedAt = clock.GetTimestamp();
            return ValueTask.FromResult<ICheckpointLease>(new Lease(this, epoch));
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreId?> ReadIdAsync(CancellationToken cancellationToken) => ValueTask.FromResult<StoreId?>(Id);

    /// <inheritdoc/>
    public ValueTask<LeaseStanding?> ReadLeaseAsync(string machine, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var isHeld = holder is not null && clock.GetElapsedTime(renewedAt) < LeaseDuration;
            return ValueTask.FromResult(epoch == default ? null : new LeaseStanding(epoch, holder, isHeld ? LeaseHold.Held : LeaseHold.Free));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CheckpointRef>> ListAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult<IReadOnlyList<CheckpointRef>>([.. manifests.Keys.Order(CheckpointOrder.NewestFirst)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult<StoredCheckpoint?>(
                manifests.TryGetValue(checkpoint, out var manifest) ? new ReadableCheckpoint(manifest) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<SideFileRef>> ListSideFilesAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult<IReadOnlyCollection<SideFileRef>>([.. sideFiles.Keys]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> LoadSideFileAsync(SideFileRef file, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(sideFiles.TryGetValue(file, out var bytes) ? bytes : default(ReadOnlyMemory<byte>?));
        }
    }

    private sealed class Lease(InMemoryCheckpointStore store, Epoch epoch) : ICheckpointLease
    {
        public Epoch Epoch { get; private set; } = epoch;

        public StoreId Store => store.Id;

        public TimeSpan Duration => store.LeaseDuration;

        public ValueTask WriteAsync(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files, CancellationToken cancellationToken) => WhileNewest(() =>
        {
            foreach (var file in files)
            {
                store.sideFiles[file.Name] = file.Bytes.ToArray();
            }

            SideFileErrors.RequireAll(manifest, store.sideFiles.ContainsKey);
            store.manifests[manifest.Checkpoint] = manifest;
        });

        public ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) =>
            WhileNewest(() => store.manifests.Remove(checkpoint));

        public ValueTask DeleteSideFilesAsync(IReadOnlyCollection<SideFileRef> files, CancellationToken cancellationToken) => WhileNewest(() =>
        {
            foreach (var file in files)
            {
                store.sideFiles.Remove(file);
            }
        });

        public ValueTask EraseAsync(CancellationToken cancellationToken) => WhileNewest(() =>
        {
            store.manifests.Clear();
            store.sideFiles.Clear();
            store.id = StoreId.New();
        });

        public ValueTask RenewAsync(CancellationToken cancellationToken) =>
            WhileNewest(() => store.renewedAt = store.clock.GetTimestamp());

        public ValueTask RaiseAsync(Epoch above, CancellationToken cancellationToken) => WhileNewest(() =>
        {
            Epoch = store.epoch = new Epoch(Math.Max(Epoch.Value, above.Value) + 1);
            store.renewedAt = store.clock.GetTimestamp();
        });

        public ValueTask DisposeAsync()
        {
            lock (store.gate)
            {
                if (store.epoch == Epoch)
                {
                    store.holder = null;
                }
            }

            return ValueTask.CompletedTask;
        }

        private ValueTask WhileNewest(Action act)
        {
            lock (store.gate)
            {
                if (store.epoch != Epoch)
                {
                    throw LeaseErrors.Fenced(store.name, Epoch, store.epoch);
                }

                act();
            }

            return ValueTask.CompletedTask;
        }
    }
}
