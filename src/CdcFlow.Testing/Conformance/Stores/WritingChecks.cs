using CdcFlow.Checkpoints;
using static CdcFlow.Testing.Conformance.Stores.StoreStand;

namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>Checkpoints are kept as they were written, until they are deleted.</summary>
internal static class WritingChecks
{
    public static async Task NewStoreIsEmpty(StoreStand stand)
    {
        await stand.HoldsAsync("Before anything is written");
        await stand.HasSideFilesAsync("Before anything is written");
        var found = await stand.Target.Open().LoadAsync(new CheckpointRef(new Epoch(1), new CheckpointId(1)), stand.CancellationToken);
        Require(found is null, () => $"A checkpoint that was never written should be read as null, and is {found}.");
    }

    public static async Task ReadsBackWhole(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var manifest = Manifest(lease, 1);
        await lease.WriteAsync(manifest, stand.CancellationToken);
        await stand.HoldsAsync("While the instance that wrote it holds the lease", manifest);
    }

    public static async Task NewestFirst(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var manifests = Enumerable.Range(9, 3).Select(id => Manifest(lease, id)).ToList();
        foreach (var manifest in manifests)
        {
            await lease.WriteAsync(manifest, stand.CancellationToken);
        }

        await lease.RaiseAsync(default, stand.CancellationToken);
        manifests.Add(Manifest(lease, 10));
        await lease.WriteAsync(manifests[^1], stand.CancellationToken);
        await stand.HoldsAsync("With checkpoints 9, 10 and 11 of one epoch, and 10 of the next", manifests);
    }

    public static async Task WrittenAgain(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        await lease.WriteAsync(Manifest(lease, 1), stand.CancellationToken);
        var again = Manifest(lease, 1) with { LastCommitted = Ref(lease, 1) };
        await lease.WriteAsync(again, stand.CancellationToken);
        await stand.HoldsAsync("After it was written again as committed", again);
    }

    public static async Task Deleted(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var kept = Manifest(lease, 2);
        await lease.WriteAsync(Manifest(lease, 1), stand.CancellationToken);
        await lease.WriteAsync(kept, stand.CancellationToken);
        for (var time = 0; time < 2; time++)
        {
            await lease.DeleteAsync(Ref(lease, 1), stand.CancellationToken);
            await stand.HoldsAsync("After checkpoint 1 was deleted", kept);
            var found = await stand.Target.Open().LoadAsync(Ref(lease, 1), stand.CancellationToken);
            Require(found is null, () => $"A deleted checkpoint should be read as null, and is {found}.");
        }
    }

    public static async Task SurvivesPowerCut(StoreStand stand)
    {
        var lease = await stand.StartAsync();
        var file = File(lease, "state");
        var manifest = Manifest(lease, 1, file);
        await lease.WriteAsync(manifest, [file], stand.CancellationToken);
        await stand.Target.CutPowerAsync();

        await stand.HoldsAsync("After a loss of power", manifest);
        await stand.HasSideFilesAsync("After a loss of power", file);
        await using var successor = await stand.SucceedAsync(lease);
        Require(successor.Store == lease.Store, () => $"After a loss of power, the store's id should still be {lease.Store}, and is {successor.Store}.");
        Require(successor.Epoch > lease.Epoch, () => $"After a loss of power, the next epoch should be above {lease.Epoch}, and is {successor.Epoch}.");
    }
}
