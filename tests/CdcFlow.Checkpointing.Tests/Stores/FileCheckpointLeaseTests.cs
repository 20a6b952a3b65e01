using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
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

        time.Now += TimeSpan.FromMinutes(1);
        await using var anew = await new FileCheckpointStore("orders", "/state/anew", new SimulatedFileSystem(disk), time).AcquireAsync(first, CancellationToken.None);
        Assert.True(anew.Epoch > remembered.Epoch);
    }

    [Fact]
    public async Task Successor_on_another_machine_waits_for_the_lease_because_it_cannot_see_the_process()
    {
        var process = new SimulatedFileSystem(disk);
        var lease = await Store(process).AcquireAsync(first, CancellationToken.None);
        process.Die();
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await Store().AcquireAsync(elsewhere, CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.LeaseHeld, error.Code);

        time.Now += lease.Duration;
        await using var successor = await Store().AcquireAsync(elsewhere, CancellationToken.None);
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
            ["0000000001@000001.checkpoint", "000002.alive", "000002.epoch", "store.lock"],
            disk.Contents.Keys.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gate_that_is_never_given_back_is_an_error_that_may_heal()
    {
        var stuck = new SimulatedFileSystem(disk);
        stuck.CreateDirectory("/state/orders");
        using var gate = stuck.TryLock("/state/orders/store.lock");
        var store = new FileCheckpointStore("orders", "/state/orders", new SimulatedFileSystem(disk), new HastyTime());
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await store.AcquireAsync(first, CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.StoreBusy, error.Code);
        Assert.True(error.IsTransient);
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

    /// <summary>Every timer is due at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
