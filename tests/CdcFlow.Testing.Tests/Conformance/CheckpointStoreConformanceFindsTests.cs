using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Testing.Tests.Conformance;

/// <summary>A suite that cannot find known defects proves nothing: stores with one defect each, and the check that must find it.</summary>
public sealed class CheckpointStoreConformanceFindsTests
{
    public enum Defect
    {
        ReadsWhatIsNotThere,
        DropsNodes,
        ListsOldestFirst,
        WritesOnce,
        KeepsDeleted,
        WritesAreNotDurable,
        RepeatsEpochs,
        LetsEverybodyIn,
        NeverReleases,
        NeverRenews,
        NeverFences,
        RaisesByOneAlone,
        LooksFree,
        TryingTakesTheLease,
        CutsSideFiles,
        KeepsOnlyNewSideFiles,
        WritesWithoutSideFiles,
        KeepsDeletedSideFiles,
        DeletionsAreNotDurable,
        ChangesItsId,
        KeepsSideFilesWhenErased,
    }

    /// <summary>Every check has a defect that it alone is here for.</summary>
    public static TheoryData<string, Defect> Defects => new()
    {
        { "A new store holds nothing", Defect.ReadsWhatIsNotThere },
        { "What is written is read back whole by another process", Defect.DropsNodes },
        { "Checkpoints are listed newest first", Defect.ListsOldestFirst },
        { "A checkpoint that is written again is replaced", Defect.WritesOnce },
        { "A deleted checkpoint is gone, and deleting it again is no error", Defect.KeepsDeleted },
        { "A loss of power loses nothing that was written", Defect.WritesAreNotDurable },
        { "Epochs grow with each lease", Defect.RepeatsEpochs },
        { "Of instances that ask at once, no two have the same epoch", Defect.RepeatsEpochs },
        { "A second instance is turned away and told who holds the lease", Defect.LetsEverybodyIn },
        { "A lease that is given back is free at once", Defect.NeverReleases },
        { "A renewed lease does not expire", Defect.NeverRenews },
        { "A lease that is not renewed expires, and its holder writes no more", Defect.NeverFences },
        { "An instance raises its epoch and writes on", Defect.RaisesByOneAlone },
        { "An instance that has a successor never raises its epoch", Defect.NeverFences },
        { "A lease is looked at without asking for it", Defect.LooksFree },
        { "Trying whether a store is usable leaves nothing behind", Defect.TryingTakesTheLease },
        { "Side files are read back as they were written", Defect.CutsSideFiles },
        { "A side file that was written once is named again", Defect.KeepsOnlyNewSideFiles },
        { "A checkpoint is not written without a side file that it names", Defect.WritesWithoutSideFiles },
        { "A deleted side file is gone, and deleting it again is no error", Defect.KeepsDeletedSideFiles },
        { "A loss of power after a deletion leaves no checkpoint without its side files", Defect.DeletionsAreNotDurable },
        { "The store's id stays over leases and is found without one", Defect.ChangesItsId },
        { "An erased store holds nothing and has another id, and its epochs go on", Defect.KeepsSideFilesWhenErased },
        { "An instance that has a successor erases nothing", Defect.NeverFences },
    };

    [Theory, MemberData(nameof(Defects))]
    public async Task Defect_is_found(string check, Defect defect)
    {
        var suite = new CheckpointStoreConformance(_ => ValueTask.FromResult<ICheckpointStoreTarget>(new DefectiveTarget(defect)));
        await Assert.ThrowsAnyAsync<Exception>(() => suite.RunAsync(check, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_check_has_a_defect() =>
        Assert.Equal(CheckpointStoreConformance.Checks.Order(StringComparer.Ordinal), Defects.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    private sealed class DefectiveTarget : ICheckpointStoreTarget
    {
        private readonly Clock clock = new();
        private readonly DefectiveStore store;

        public DefectiveTarget(Defect defect) => store = new DefectiveStore(new InMemoryCheckpointStore(CheckpointStoreConformance.Pipeline, clock), defect);

        public ICheckpointStore Open() => store;

        public ValueTask PassAsync(TimeSpan passed, CancellationToken cancellationToken)
        {
            clock.Pass(passed);
            return ValueTask.CompletedTask;
        }

        public ValueTask CutPowerAsync()
        {
            store.CutPower();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Clock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Pass(TimeSpan time) => now += time.Ticks;
    }

    private sealed class DefectiveStore(InMemoryCheckpointStore inner, Defect defect) : ICheckpointStore
    {
        private readonly List<CheckpointManifest> deleted = [];
        private bool isCut;
        private ICheckpointLease? newest;

        public void CutPower() => isCut = true;

        public async ValueTask<ICheckpointLease> AcquireAsync(LeaseHolder holder, CancellationToken cancellationToken)
        {
            if (Has(Defect.LetsEverybodyIn))
            {
                inner.AbandonLease();
            }

            newest = await inner.AcquireAsync(holder, cancellationToken);
            return new Lease(this, newest);
        }

        public async ValueTask RequireUsableAsync(CancellationToken cancellationToken)
        {
            if (Has(Defect.TryingTakesTheLease))
            {
                await (await inner.AcquireAsync(LeaseHolder.Current(), cancellationToken)).DisposeAsync();
            }
        }

        public ValueTask<StoreId?> ReadIdAsync(CancellationToken cancellationToken) => inner.ReadIdAsync(cancellationToken);

        public async ValueTask<LeaseStanding?> ReadLeaseAsync(string machine, CancellationToken cancellationToken) =>
            await inner.ReadLeaseAsync(machine, cancellationToken) is { } standing ? standing with { Hold = Has(Defect.LooksFree) ? LeaseHold.Free : standing.Hold } : null;

        public async ValueTask<IReadOnlyList<CheckpointRef>> ListAsync(CancellationToken cancellationToken)
        {
            var listed = await inner.ListAsync(cancellationToken);
            return Has(Defect.ListsOldestFirst) ? [.. listed.Reverse()]
                : isCut && Has(Defect.WritesAreNotDurable) ? [.. listed.Skip(1)]
                : isCut && Has(Defect.DeletionsAreNotDurable) ? [.. listed, .. deleted.Select(manifest => manifest.Checkpoint)]
                : listed;
        }

        public async ValueTask<StoredCheckpoint?> LoadAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) =>
            await inner.LoadAsync(checkpoint, cancellationToken)
            ?? (Has(Defect.ReadsWhatIsNotThere) ? new DamagedCheckpoint(checkpoint, "CDCF3007", "it is empty")
                : isCut && deleted.Find(manifest => manifest.Checkpoint == checkpoint) is { } found ? new ReadableCheckpoint(found)
                : null);

        public ValueTask<IReadOnlyCollection<SideFileRef>> ListSideFilesAsync(CancellationToken cancellationToken) => inner.ListSideFilesAsync(cancellationToken);

        public async ValueTask<ReadOnlyMemory<byte>?> LoadSideFileAsync(SideFileRef file, CancellationToken cancellationToken) =>
            await inner.LoadSideFileAsync(file, cancellationToken) is not { } bytes ? null : Has(Defect.CutsSideFiles) && bytes.Length > 0 ? bytes[..^1] : bytes;

        private bool Has(Defect other) => defect == other;

        private sealed class Lease(DefectiveStore store, ICheckpointLease own) : ICheckpointLease
        {
            private readonly HashSet<CheckpointRef> written = [];

            public Epoch Epoch => store.Has(Defect.RepeatsEpochs) ? new Epoch(1) : own.Epoch;

            public StoreId Store { get; } = store.Has(Defect.ChangesItsId) ? StoreId.New() : own.Store;

            public TimeSpan Duration => own.Duration;

            /// <summary>What is done with the lease of whoever has the newest is never fenced.</summary>
            private ICheckpointLease Acting => store.Has(Defect.NeverFences) ? store.newest! : own;

            public async ValueTask WriteAsync(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files, CancellationToken cancellationToken)
            {
                if (!written.Add(manifest.Checkpoint) && store.Has(Defect.WritesOnce))
                {
                    return;
                }

                var changed = store.Has(Defect.DropsNodes) ? manifest with { Nodes = new Dictionary<string, System.Text.Json.JsonElement>() }
                    : store.Has(Defect.WritesWithoutSideFiles) ? manifest with { SideFiles = [] }
                    : manifest;
                await Acting.WriteAsync(changed, files, cancellationToken);
                if (store.Has(Defect.KeepsOnlyNewSideFiles))
                {
                    var others = await store.ListSideFilesAsync(cancellationToken);
                    await own.DeleteSideFilesAsync([.. others.Except(files.Select(file => file.Name))], cancellationToken);
                }
            }

            public async ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
            {
                if (await store.LoadAsync(checkpoint, cancellationToken) is ReadableCheckpoint { Manifest: var manifest })
                {
                    store.deleted.Add(manifest);
                }

                if (!store.Has(Defect.KeepsDeleted))
                {
                    await Acting.DeleteAsync(checkpoint, cancellationToken);
                }
            }

            public ValueTask DeleteSideFilesAsync(IReadOnlyCollection<SideFileRef> files, CancellationToken cancellationToken) =>
                store.Has(Defect.KeepsDeletedSideFiles) ? ValueTask.CompletedTask : Acting.DeleteSideFilesAsync(files, cancellationToken);

            public async ValueTask EraseAsync(CancellationToken cancellationToken)
            {
                if (!store.Has(Defect.KeepsSideFilesWhenErased))
                {
                    await Acting.EraseAsync(cancellationToken);
                    return;
                }

                foreach (var checkpoint in await store.ListAsync(cancellationToken))
                {
                    await own.DeleteAsync(checkpoint, cancellationToken);
                }
            }

            public ValueTask RenewAsync(CancellationToken cancellationToken) => store.Has(Defect.NeverRenews) ? ValueTask.CompletedTask : Acting.RenewAsync(cancellationToken);

            public ValueTask RaiseAsync(Epoch above, CancellationToken cancellationToken) => Acting.RaiseAsync(store.Has(Defect.RaisesByOneAlone) ? default : above, cancellationToken);

            public ValueTask DisposeAsync() => store.Has(Defect.NeverReleases) ? ValueTask.CompletedTask : own.DisposeAsync();
        }
    }
}
