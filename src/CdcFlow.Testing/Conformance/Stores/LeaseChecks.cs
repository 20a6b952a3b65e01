using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using static CdcFlow.Testing.Conformance.Stores.StoreStand;

namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>One instance writes at a time, and one that was paused never again once it has a successor.</summary>
internal static class LeaseChecks
{
    public static async Task EpochsGrow(StoreStand stand)
    {
        Epoch before = default;
        for (var start = 0; start < 3; start++)
        {
            await using var lease = await stand.StartAsync($"machine {start}");
            Require(lease.Epoch > before, () => $"Each lease's epoch should be above {before}, the one before, and is {lease.Epoch}.");
            before = lease.Epoch;
        }
    }

    public static async Task EpochsDiffer(StoreStand stand)
    {
        var given = new List<Epoch>();
        for (var round = 0; round < 5; round++)
        {
            var leases = await Task.WhenAll(Enumerable.Range(0, 4).Select(instance => Task.Run(() => TryStartAsync(stand, $"machine {instance}"), stand.CancellationToken)));
            Require(leases.Any(lease => lease is not null), () => "Of instances that ask at once for a lease that is free, one should get it, and none did.");
            given.AddRange(leases.OfType<ICheckpointLease>().Select(lease => lease.Epoch));
            foreach (var lease in leases.OfType<ICheckpointLease>())
            {
                await lease.DisposeAsync();
            }
        }

        foreach (var twice in given.CountBy(epoch => epoch).Where(epoch => epoch.Value > 1).Take(1))
        {
            throw new ConformanceException($"No two instances should get the same epoch, and {twice.Value} have epoch {twice.Key}.");
        }
    }

    public static async Task SecondIsTurnedAway(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var error = await stand.IsHeldAsync(stand.Target.Open(), "beta");
        Require(error.Message.Contains("process 17 on alpha", StringComparison.Ordinal), () => $"The error should name the holder as LeaseErrors.Held does, and is: {error.Message}");
        Require(error.IsTransient, () => "Whether an instance of another machine lives, one look cannot tell: the error should be transient (LeaseErrors.Held with mayBeDead).");

        var manifest = Manifest(lease, 1);
        await lease.WriteAsync(manifest, stand.CancellationToken);
        await stand.HoldsAsync("After a second instance was turned away, and the first wrote on", manifest);
    }

    public static async Task GivenBack(StoreStand stand)
    {
        var first = await stand.StartAsync();
        await first.DisposeAsync();
        await using var second = await stand.StartAsync("beta");
        Require(second.Epoch > first.Epoch, () => $"The next epoch should be above {first.Epoch}, and is {second.Epoch}.");
    }

    public static async Task Renewed(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var other = stand.Target.Open();
        await stand.IsHeldAsync(other, "beta");
        for (var half = 0; half < 4; half++)
        {
            await stand.Target.PassAsync(lease.Duration / 2, stand.CancellationToken);
            await lease.RenewAsync(stand.CancellationToken);
            await stand.IsHeldAsync(other, "beta");
        }
    }

    public static async Task ExpiredHolderIsFenced(StoreStand stand)
    {
        var paused = await stand.StartAsync();
        var file = File(paused, "state");
        var manifest = Manifest(paused, 1, file);
        await paused.WriteAsync(manifest, [file], stand.CancellationToken);
        await stand.IsHeldAsync(stand.Target.Open(), "beta");

        await using var successor = await stand.SucceedAsync(paused);
        Require(successor.Epoch > paused.Epoch, () => $"The successor's epoch should be above {paused.Epoch}, and is {successor.Epoch}.");
        var late = File(paused, "late");
        await IsFencedAsync("A write by an instance that has a successor", () => paused.WriteAsync(Manifest(paused, 2, late), [late], stand.CancellationToken));
        await IsFencedAsync("A deletion by an instance that has a successor", () => paused.DeleteAsync(Ref(paused, 1), stand.CancellationToken));
        await IsFencedAsync("A deletion of side files by an instance that has a successor", () => paused.DeleteSideFilesAsync([file.Name], stand.CancellationToken));
        await IsFencedAsync("A renewal by an instance that has a successor", () => paused.RenewAsync(stand.CancellationToken));
        await stand.HoldsAsync("After an instance that has a successor tried to write and to delete", manifest);

        await paused.DisposeAsync();
        await stand.IsHeldAsync(stand.Target.Open(), "gamma");
        var next = Manifest(successor, 2, file);
        await successor.WriteAsync(next, stand.CancellationToken);
        await stand.HoldsAsync("After the successor has written", manifest, next);
    }

    public static async Task Raised(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var (first, before) = (lease.Epoch, Manifest(lease, 1));
        await lease.WriteAsync(before, stand.CancellationToken);
        await lease.RaiseAsync(default, stand.CancellationToken);
        Require(lease.Epoch > first, () => $"A raised epoch should be above {first}, and is {lease.Epoch}.");

        var above = new Epoch(lease.Epoch.Value + 100);
        await lease.RaiseAsync(above, stand.CancellationToken);
        Require(lease.Epoch > above, () => $"An epoch that was raised above {above} is {lease.Epoch}.");
        var after = Manifest(lease, 2);
        await lease.WriteAsync(after, stand.CancellationToken);
        await lease.RenewAsync(stand.CancellationToken);
        await stand.IsHeldAsync(stand.Target.Open(), "beta");
        await stand.HoldsAsync("After the epoch was raised", before, after);
    }

    public static async Task FencedHolderRaisesNothing(StoreStand stand)
    {
        var paused = await stand.StartAsync();
        await using var successor = await stand.SucceedAsync(paused);
        await successor.RaiseAsync(default, stand.CancellationToken);
        await IsFencedAsync("Raising its epoch, by an instance that has a successor", () => paused.RaiseAsync(default, stand.CancellationToken));
        await IsFencedAsync("Raising its epoch above its successor's, by an instance that has one", () => paused.RaiseAsync(new Epoch(successor.Epoch.Value + 100), stand.CancellationToken));
        await paused.DisposeAsync();
        await successor.RenewAsync(stand.CancellationToken);
    }

    public static async Task LookedAt(StoreStand stand)
    {
        Require(await stand.Target.Open().ReadLeaseAsync("alpha", stand.CancellationToken) is null, () => "Before the first lease was taken, ReadLeaseAsync should return null.");
        await using (var lease = await stand.StartAsync())
        {
            for (var look = 0; look < 2; look++)
            {
                var held = await stand.Target.Open().ReadLeaseAsync("beta", stand.CancellationToken);
                Require(held is { Hold: not LeaseHold.Free } && held.Epoch == lease.Epoch && held.Holder == Holder("alpha"), () =>
                    $"A lease that process 17 on alpha holds in epoch {lease.Epoch} should be seen as that, and is seen as {held}.");
            }

            await lease.WriteAsync(Manifest(lease, 1), stand.CancellationToken);
        }

        var free = await stand.Target.Open().ReadLeaseAsync("beta", stand.CancellationToken);
        Require(free is { Hold: LeaseHold.Free }, () => $"A lease that was given back should be seen as free, and is seen as {free}.");
    }

    public static async Task TryingLeavesNothing(StoreStand stand)
    {
        await stand.Target.Open().RequireUsableAsync(stand.CancellationToken);
        await stand.HoldsAsync("After RequireUsableAsync on a new store");
        Require(await stand.Target.Open().ReadLeaseAsync("alpha", stand.CancellationToken) is null, () => "RequireUsableAsync should take no lease, and ReadLeaseAsync finds one.");
        await using var lease = await stand.StartAsync();
        await stand.Target.Open().RequireUsableAsync(stand.CancellationToken);
        await lease.WriteAsync(Manifest(lease, 1), stand.CancellationToken);
    }

    private static async Task<ICheckpointLease?> TryStartAsync(StoreStand stand, string machine)
    {
        try
        {
            return await stand.StartAsync(machine);
        }
        catch (CdcFlowException error) when (error.Code == CheckpointErrorCodes.LeaseHeld)
        {
            return null;
        }
    }
}
