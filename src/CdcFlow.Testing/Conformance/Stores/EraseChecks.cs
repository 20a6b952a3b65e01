using static CdcFlow.Testing.Conformance.Stores.StoreStand;

namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>Whose sinks are whose, the store's id tells: it stays for as long as the checkpoints do.</summary>
internal static class EraseChecks
{
    public static async Task IdStays(StoreStand stand)
    {
        var first = await stand.StartAsync();
        var id = first.Store;
        var read = await stand.Target.Open().ReadIdAsync(stand.CancellationToken);
        Require(read == id, () => $"The store's id is {id} by its lease, and {read} by ReadIdAsync.");
        await first.DisposeAsync();
        await using var second = await stand.StartAsync("beta");
        Require(second.Store == id, () => $"The next lease should have the same store id {id}, and has {second.Store}.");
    }

    public static async Task Erased(StoreStand stand)
    {
        var lease = await stand.StartAsync();
        var (id, epoch, file) = (lease.Store, lease.Epoch, File(lease, "state"));
        await lease.WriteAsync(Manifest(lease, 1, file), [file], stand.CancellationToken);
        await lease.WriteAsync(Manifest(lease, 2, file), stand.CancellationToken);
        await lease.EraseAsync(stand.CancellationToken);
        await lease.EraseAsync(stand.CancellationToken);
        await stand.HoldsAsync("After the store was erased");
        await stand.HasSideFilesAsync("After the store was erased");
        await lease.DisposeAsync();

        await using var next = await stand.StartAsync("beta");
        Require(next.Store != id, () => $"An erased store should have another id than {id}.");
        Require(next.Epoch > epoch, () => $"The epochs of an erased store should go on above {epoch}, and the next is {next.Epoch}.");
    }

    public static async Task FencedHolderErasesNothing(StoreStand stand)
    {
        var paused = await stand.StartAsync();
        var file = File(paused, "state");
        var manifest = Manifest(paused, 1, file);
        await paused.WriteAsync(manifest, [file], stand.CancellationToken);
        await using var successor = await stand.SucceedAsync(paused);
        await IsFencedAsync("Erasing the store, by an instance that has a successor", () => paused.EraseAsync(stand.CancellationToken));
        await stand.HoldsAsync("After an instance that has a successor tried to erase the store", manifest);
        Require(successor.Store == paused.Store, () => "The store's id should be the same.");
    }
}
