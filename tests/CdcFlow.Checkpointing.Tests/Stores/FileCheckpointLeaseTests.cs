using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>Leases across processes that share one disk.</summary>
public sealed class FileCheckpointLeaseTests
{
    private static readonly LeaseHolder first = new("alpha", 17, DateTimeOffset.UnixEpoch);
    private static readonly LeaseHolder second = new("alpha", 18, DateTimeOffset.UnixEpoch);
    private static readonly LeaseHolder elsewhere = new("beta", 18, DateTimeOffset.UnixEpoch);

    private readonly SimulatedDisk disk = new();
    private readonly ManualTime time = new();

    [Fact]
    public async Task Successor_of_a_killed_process_on_the_same_machine_starts_at_once()
    {
        var process = new SimulatedFileSystem(disk);
        await Store(process).AcquireAsync(first, CancellationToken.None);
        process.Die();
        await using var lease = await Store().AcquireAsync(second, CancellationToken.None);
        Assert.Equal(2, lease.Epoch.Value);
    }

    [Fact]
    public async Task Store_that_was_erased_begins_above_the_epochs_that_sinks_remember()
    {
        await (await Store().AcquireAsync(first, CancellationToken.None)).DisposeAsync();
        var remembered = await Store().AcquireAsync(first, CancellationToken.None);
        await remembered.DisposeAsync();

        time.Pass(TimeSpan.FromMinutes(1));
        await using var anew = await new FileCheckpointStore("orders", "/state/anew", new SimulatedFileSystem(disk), time).AcquireAsync(first, CancellationToken.None);
        Assert.True(anew.Epoch > remembered.Epoch);
    }

    [Fact]
    public async Task Successor_on_another_machine_waits_for_the_lease_because_it_cannot_see_the_process()
    {
        var process = new SimulatedFileSystem(disk);
        var lease = await Store(process).AcquireAsync(first, CancellationToken.None);
        process.Die();
        var store = Store();
        Assert.True((await RefusedAsync(store, elsewhere)).IsTransient);
        time.Pass(lease.Duration);
        await using var successor = await store.AcquireAsync(elsewhere, CancellationToken.None);
    }

    [Fact]
    public async Task Clock_that_is_wrong_or_jumps_takes_no_lease_away_and_keeps_none()
    {
        var process = new SimulatedFileSystem(disk);
        var lease = await Store(process).AcquireAsync(first, CancellationToken.None);
        var store = Store();
        foreach (var shown in new[] { time.Now.AddYears(10), time.Now.AddYears(-30) })
        {
            time.Now = shown;
            await RefusedAsync(store, elsewhere);
            await lease.RenewAsync(CancellationToken.None);
        }

        process.Die();
        await RefusedAsync(store, elsewhere);
        time.Pass(lease.Duration);
        await using var successor = await store.AcquireAsync(elsewhere, CancellationToken.None);
    }

    [Fact]
    public async Task Paused_instance_on_the_same_machine_is_succeeded_although_it_keeps_every_lock_it_has()
    {
        // Before each of its steps in turn.
        for (var step = 1; ; step++)
        {
            var (shared, steps) = (new SimulatedDisk(), 0);
            var paused = new SimulatedFileSystem(shared, _ =>
            {
                if (++steps == step)
                {
                    throw new PausedException();
                }
            });
            try
            {
                var lease = await Store(paused).AcquireAsync(first, CancellationToken.None);
                await lease.WriteAsync(Manifest(Ref(1, lease.Epoch.Value)), CancellationToken.None);
                await lease.RenewAsync(CancellationToken.None);
                await lease.RaiseAsync(default, CancellationToken.None);
                Assert.InRange(step, 20, 200);
                return;
            }
            catch (PausedException)
            {
            }

            var store = Store(new SimulatedFileSystem(shared));
            await AcquireWatchingAsync(store);
        }
    }

    [Fact]
    public async Task Instances_that_were_paused_one_after_another_before_they_wrote_anything_are_all_passed_over()
    {
        await (await Store().AcquireAsync(first, CancellationToken.None)).DisposeAsync();
        var paused = new SimulatedFileSystem(disk);
        using var one = paused.TryLock("/state/orders/000002.alive");
        using var other = paused.TryLock("/state/orders/000003.alive");
        await AcquireWatchingAsync(Store());
        Assert.Contains("/state/orders/000004.epoch", disk.Contents.Keys);
    }

    [Fact]
    public async Task Instance_that_raises_its_epoch_does_not_overtake_the_one_that_succeeded_it_meanwhile()
    {
        var (successors, successor, raises) = (Store(), default(ICheckpointLease), false);
        var process = new SimulatedFileSystem(disk, step =>
        {
            if (raises && step == "lock 000101.alive")
            {
                successor = successors.AcquireAsync(elsewhere, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        });
        var lease = await Store(process).AcquireAsync(first, CancellationToken.None);
        await RefusedAsync(successors, elsewhere);
        time.Pass(lease.Duration);

        raises = true;
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.RaiseAsync(new Epoch(100), CancellationToken.None));
        Assert.Equal((true, 2), (error.IsFenced, successor!.Epoch.Value));
        await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None));
        Assert.Contains("/state/orders/000002.epoch", disk.Contents.Keys);
    }

    [Fact]
    public async Task Second_start_on_the_same_machine_is_refused_for_good_once_the_holder_is_seen_to_live()
    {
        await using var lease = await Store().AcquireAsync(first, CancellationToken.None);
        var store = Store();
        Assert.True((await RefusedAsync(store, second)).IsTransient);
        await lease.RenewAsync(CancellationToken.None);
        Assert.False((await RefusedAsync(store, second)).IsTransient);
    }

    [Fact]
    public async Task Renewal_seen_from_another_machine_is_waited_on()
    {
        await using var lease = await Store().AcquireAsync(first, CancellationToken.None);
        var store = Store();
        await RefusedAsync(store, elsewhere);
        await lease.RenewAsync(CancellationToken.None);
        Assert.True((await RefusedAsync(store, elsewhere)).IsTransient);
    }

    [Fact]
    public async Task Epoch_file_that_was_altered_is_as_good_as_none()
    {
        await (await Store().AcquireAsync(first, CancellationToken.None)).DisposeAsync();
        var path = disk.Contents.Keys.Single(path => path.EndsWith(".epoch", StringComparison.Ordinal));
        var text = System.Text.Encoding.UTF8.GetString(disk.Contents[path]);
        Assert.NotNull(EpochRecord.Parse(disk.Contents[path]));
        Assert.Null(EpochRecord.Parse(System.Text.Encoding.UTF8.GetBytes(text.Replace("alpha", "alphb", StringComparison.Ordinal))));
        Assert.Null(EpochRecord.Parse(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"epoch\": 1,", "\"epoch\": 1,\n  \"epoch\": 2,", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Store_that_vanishes_under_a_running_instance_is_neither_made_anew_nor_written()
    {
        var lease = await Store().AcquireAsync(first, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1, lease.Epoch.Value)), CancellationToken.None);
        var other = new SimulatedFileSystem(disk);
        foreach (var name in other.ListFiles("/state/orders"))
        {
            other.Delete($"/state/orders/{name}");
        }

        foreach (var act in new Func<ValueTask>[]
        {
            () => lease.RenewAsync(CancellationToken.None), () => lease.WriteAsync(Manifest(Ref(2)), CancellationToken.None), () => lease.RaiseAsync(default, CancellationToken.None),
        })
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await act());
            Assert.Equal(CheckpointErrorCodes.StoreVanished, error.Code);
            Assert.False(error.IsTransient);
        }

        Assert.DoesNotContain(disk.Contents.Keys, path => path.EndsWith(".checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lease_that_was_given_back_is_free_on_every_machine()
    {
        await (await Store().AcquireAsync(first, CancellationToken.None)).DisposeAsync();
        await using var lease = await Store().AcquireAsync(elsewhere, CancellationToken.None);
    }

    [Fact]
    public async Task Epoch_file_whose_writer_died_half_way_is_used_up_and_keeps_nobody_out()
    {
        disk.Put("/state/orders/000004.epoch", "{\"pipeline\":\"ord"u8);
        await using var lease = await Store().AcquireAsync(first, CancellationToken.None);
        Assert.Equal(5, lease.Epoch.Value);
    }

    [Fact]
    public async Task Store_of_another_pipeline_is_refused()
    {
        await (await Store().AcquireAsync(first, CancellationToken.None)).DisposeAsync();
        var other = new FileCheckpointStore("customers", "/state/orders", new SimulatedFileSystem(disk), time);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await other.AcquireAsync(first, CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.ForeignPipeline, error.Code);
    }

    [Fact]
    public async Task Leftovers_of_earlier_instances_are_removed_and_checkpoints_are_not()
    {
        await using (var lease = await Store().AcquireAsync(first, CancellationToken.None))
        {
            await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        }

        disk.Put("/state/orders/0000000002@000001.checkpoint.1.tmp", "half"u8);
        await using var successor = await Store().AcquireAsync(second, CancellationToken.None);
        Assert.Equal(
            ["0000000001@000001.checkpoint", "000002.alive", "000002.epoch", "store.id"],
            disk.Contents.Keys.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Successors_that_start_together_get_one_lease_between_them()
    {
        var gate = new SimulatedFileSystem(disk);
        gate.CreateDirectory("/state/orders");
        var attempts = Enumerable.Range(1, 8).Select(id => TryAcquireAsync(new LeaseHolder("alpha", id, DateTimeOffset.UnixEpoch))).ToList();
        Assert.Single(await Task.WhenAll(attempts), lease => lease is not null);
    }

    private async Task<ICheckpointLease?> TryAcquireAsync(LeaseHolder holder)
    {
        try
        {
            return await Store().AcquireAsync(holder, CancellationToken.None);
        }
        catch (CdcFlowException held) when (held.Code == CheckpointErrorCodes.LeaseHeld)
        {
            return null;
        }
    }

    private FileCheckpointStore Store(SimulatedFileSystem? process = null) => new("orders", "/state/orders", process ?? new SimulatedFileSystem(disk), time);

    private static async Task<CdcFlowException> RefusedAsync(FileCheckpointStore store, LeaseHolder asking)
    {
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await store.AcquireAsync(asking, CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.LeaseHeld, error.Code);
        return error;
    }

    private async Task AcquireWatchingAsync(FileCheckpointStore store)
    {
        for (var seconds = 0; seconds <= 60; seconds++)
        {
            try
            {
                await using var lease = await store.AcquireAsync(second, CancellationToken.None);
                await lease.WriteAsync(Manifest(Ref(7, lease.Epoch.Value)), CancellationToken.None);
                return;
            }
            catch (CdcFlowException held) when (held is { Code: CheckpointErrorCodes.LeaseHeld, IsTransient: true })
            {
                time.Pass(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Fail("The successor is locked out.");
    }

    private sealed class PausedException : Exception;
}
