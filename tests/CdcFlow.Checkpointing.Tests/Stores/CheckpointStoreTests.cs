using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>What the port promises, of every store.</summary>
public sealed class CheckpointStoreTests
{
    private static readonly LeaseHolder holder = new("alpha", 17, DateTimeOffset.UnixEpoch);

    private static readonly SideFile foo = SideFile.Of(new Epoch(1), "foo"u8.ToArray());
    private static readonly SideFile bar = SideFile.Of(new Epoch(1), "bar"u8.ToArray());

    public static TheoryData<string> Stores => ["memory", "file"];

    [Theory, MemberData(nameof(Stores))]
    public async Task New_store_holds_nothing(string kind)
    {
        var store = Store(kind);
        Assert.Empty(await store.ListAsync(CancellationToken.None));
        Assert.Null(await store.LoadAsync(Ref(1), CancellationToken.None));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task What_is_written_is_loaded_and_listed_newest_first(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(2), Ref(1)), CancellationToken.None);

        Assert.Equal([Ref(2), Ref(1)], await store.ListAsync(CancellationToken.None));
        var manifest = Assert.IsType<ReadableCheckpoint>(await store.LoadAsync(Ref(2), CancellationToken.None)).Manifest;
        Assert.Equal(Ref(1), manifest.LastCommitted);
        Assert.Equal(2, manifest.Sources["shop"].GetProperty("lsn").GetInt64());
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Writing_the_same_checkpoint_again_replaces_it(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1), Ref(1)), CancellationToken.None);
        Assert.True(Assert.IsType<ReadableCheckpoint>(await store.LoadAsync(Ref(1), CancellationToken.None)).Manifest.IsKnownCommitted);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Deleted_checkpoint_is_gone_and_deleting_again_is_no_error(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        await lease.DeleteAsync(Ref(1), CancellationToken.None);
        await lease.DeleteAsync(Ref(1), CancellationToken.None);
        Assert.Empty(await store.ListAsync(CancellationToken.None));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Epochs_grow_by_one_with_each_lease(string kind)
    {
        var store = Store(kind);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
            Assert.Equal(epoch, lease.Epoch.Value);
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Second_instance_is_told_who_holds_the_lease(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await store.AcquireAsync(new LeaseHolder("beta", 18, DateTimeOffset.UnixEpoch), CancellationToken.None));

        Assert.Equal(CheckpointErrorCodes.LeaseHeld, error.Code);
        Assert.Contains("process 17 on alpha", error.Message, StringComparison.Ordinal);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Paused_instance_is_fenced_once_its_lease_has_expired_and_a_second_one_took_over(string kind)
    {
        var time = new ManualTime();
        var store = Store(kind, time);
        var paused = await store.AcquireAsync(holder, CancellationToken.None);
        await paused.WriteAsync(Manifest(Ref(1)), CancellationToken.None);

        var beta = new LeaseHolder("beta", 18, DateTimeOffset.UnixEpoch);
        await AssertHeldAsync(store, beta);
        time.Pass(paused.Duration);
        await using var successor = await store.AcquireAsync(beta, CancellationToken.None);
        Assert.Equal(2, successor.Epoch.Value);

        await AssertFencedAsync(() => paused.WriteAsync(Manifest(Ref(2)), CancellationToken.None));
        await AssertFencedAsync(() => paused.DeleteAsync(Ref(1), CancellationToken.None));
        await AssertFencedAsync(() => paused.RenewAsync(CancellationToken.None));
        await paused.DisposeAsync();
        Assert.Equal([Ref(1)], await store.ListAsync(CancellationToken.None));
        await successor.WriteAsync(Manifest(Ref(2, epoch: 2)), CancellationToken.None);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Renewed_lease_does_not_expire(string kind)
    {
        var time = new ManualTime();
        var store = Store(kind, time);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        await AssertHeldAsync(store, holder);
        time.Pass(lease.Duration / 2);
        await lease.RenewAsync(CancellationToken.None);
        time.Pass(lease.Duration / 2);
        await AssertHeldAsync(store, holder);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Instance_raises_its_epoch_and_writes_on(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        var first = lease.Epoch;
        await lease.RaiseAsync(default, CancellationToken.None);
        Assert.Equal(first.Value + 1, lease.Epoch.Value);
        await lease.RaiseAsync(new Epoch(100), CancellationToken.None);
        Assert.Equal(101, lease.Epoch.Value);
        await lease.WriteAsync(Manifest(Ref(1, lease.Epoch.Value)), CancellationToken.None);
        await lease.RenewAsync(CancellationToken.None);
        Assert.Equal([Ref(1, 101)], await store.ListAsync(CancellationToken.None));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Paused_instance_never_raises_its_epoch_past_its_successors(string kind)
    {
        var time = new ManualTime();
        var store = Store(kind, time);
        var paused = await store.AcquireAsync(holder, CancellationToken.None);
        await AssertHeldAsync(store, holder);
        time.Pass(paused.Duration);
        await using var successor = await store.AcquireAsync(holder, CancellationToken.None);
        await successor.RaiseAsync(default, CancellationToken.None);

        await AssertFencedAsync(() => paused.RaiseAsync(default, CancellationToken.None));
        await AssertFencedAsync(() => paused.RaiseAsync(new Epoch(100), CancellationToken.None));
        await paused.DisposeAsync();
        await successor.RenewAsync(CancellationToken.None);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Erased_store_holds_nothing_has_another_id_later_and_its_epochs_go_on(string kind)
    {
        var store = Store(kind);
        StoreId before;
        await using (var lease = await store.AcquireAsync(holder, CancellationToken.None))
        {
            before = lease.Store;
            await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
            await lease.WriteAsync(Manifest(Ref(2), Ref(1)), CancellationToken.None);
            await lease.EraseAsync(CancellationToken.None);
            await lease.EraseAsync(CancellationToken.None);
            Assert.Empty(await store.ListAsync(CancellationToken.None));
        }

        await using var next = await store.AcquireAsync(holder, CancellationToken.None);
        Assert.Equal(2, next.Epoch.Value);
        Assert.NotEqual(before, next.Store);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Instance_that_was_fenced_erases_nothing(string kind)
    {
        var time = new ManualTime();
        var store = Store(kind, time);
        var paused = await store.AcquireAsync(holder, CancellationToken.None);
        await paused.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        await AssertHeldAsync(store, holder);
        time.Pass(paused.Duration);
        await using var successor = await store.AcquireAsync(holder, CancellationToken.None);
        await AssertFencedAsync(() => paused.EraseAsync(CancellationToken.None));
        Assert.Equal([Ref(1)], await store.ListAsync(CancellationToken.None));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Lease_is_looked_at_without_asking_for_it(string kind)
    {
        var store = Store(kind);
        Assert.Null(await store.ReadLeaseAsync(holder.Machine, CancellationToken.None));
        await using (var lease = await store.AcquireAsync(holder, CancellationToken.None))
        {
            for (var look = 0; look < 2; look++)
            {
                var held = await store.ReadLeaseAsync(holder.Machine, CancellationToken.None);
                Assert.Equal((lease.Epoch, holder, LeaseHold.Held), (held!.Epoch, held.Holder, held.Hold));
            }

            await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        }

        Assert.Equal(LeaseHold.Free, (await store.ReadLeaseAsync(holder.Machine, CancellationToken.None))!.Hold);
        await using var next = await store.AcquireAsync(holder, CancellationToken.None);
        Assert.Equal(2, next.Epoch.Value);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Side_files_are_kept_until_they_are_deleted_and_then_are_gone(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        Assert.Empty(await store.ListSideFilesAsync(CancellationToken.None));
        await lease.WriteAsync(Manifest(Ref(1), foo.Name, bar.Name), [foo, bar], CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(2), bar.Name), CancellationToken.None);
        Assert.Equal(foo.Bytes.ToArray(), (await store.LoadSideFileAsync(foo.Name, CancellationToken.None))?.ToArray());

        await lease.DeleteAsync(Ref(1), CancellationToken.None);
        await lease.DeleteSideFilesAsync([foo.Name], CancellationToken.None);
        await lease.DeleteSideFilesAsync([foo.Name], CancellationToken.None);
        Assert.Equal([bar.Name], await store.ListSideFilesAsync(CancellationToken.None));
        Assert.Null(await store.LoadSideFileAsync(foo.Name, CancellationToken.None));
        Assert.Equal([bar.Name], Assert.IsType<ReadableCheckpoint>(await store.LoadAsync(Ref(2), CancellationToken.None)).Manifest.SideFiles);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Checkpoint_is_not_written_without_a_side_file_that_it_names(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.WriteAsync(Manifest(Ref(1), foo.Name, bar.Name), [foo], CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.SideFileLost, error.Code);
        Assert.Empty(await store.ListAsync(CancellationToken.None));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Instance_that_was_fenced_neither_writes_nor_deletes_side_files(string kind)
    {
        var time = new ManualTime();
        var store = Store(kind, time);
        var paused = await store.AcquireAsync(holder, CancellationToken.None);
        await paused.WriteAsync(Manifest(Ref(1), foo.Name), [foo], CancellationToken.None);
        await AssertHeldAsync(store, holder);
        time.Pass(paused.Duration);
        await using var successor = await store.AcquireAsync(holder, CancellationToken.None);
        await AssertFencedAsync(() => paused.WriteAsync(Manifest(Ref(2), bar.Name), [bar], CancellationToken.None));
        await AssertFencedAsync(() => paused.DeleteSideFilesAsync([foo.Name], CancellationToken.None));
        Assert.Equal([foo.Name], await store.ListSideFilesAsync(CancellationToken.None));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Erased_store_holds_no_side_file(string kind)
    {
        var store = Store(kind);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1), foo.Name), [foo], CancellationToken.None);
        await lease.EraseAsync(CancellationToken.None);
        Assert.Empty(await store.ListSideFilesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Lease_of_another_machine_says_nothing_of_its_holders_life_until_it_is_given_back()
    {
        var store = Store("file");
        await using (await store.AcquireAsync(holder, CancellationToken.None))
        {
            Assert.Equal(LeaseHold.Elsewhere, (await store.ReadLeaseAsync("beta", CancellationToken.None))!.Hold);
        }

        Assert.Equal(LeaseHold.Free, (await store.ReadLeaseAsync("beta", CancellationToken.None))!.Hold);
    }

    private static async Task AssertHeldAsync(ICheckpointStore store, LeaseHolder asking)
    {
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await store.AcquireAsync(asking, CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.LeaseHeld, error.Code);
    }

    private static async Task AssertFencedAsync(Func<ValueTask> act)
    {
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await act());
        Assert.True(error.IsFenced);
        Assert.Equal(CheckpointErrorCodes.Fenced, error.Code);
    }

    private static ICheckpointStore Store(string kind, TimeProvider? time = null) => kind == "memory"
        ? new InMemoryCheckpointStore("orders", time ?? new ManualTime())
        : new FileCheckpointStore("orders", "/state/orders", new SimulatedFileSystem(new SimulatedDisk()), time ?? new ManualTime());
}
