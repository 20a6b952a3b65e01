using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using static CdcFlow.Testing.Conformance.Stores.StoreStand;

namespace CdcFlow.Testing.Conformance.Stores;

/// <summary>What stands beside the checkpoints is there for as long as one of them names it.</summary>
internal static class SideFileChecks
{
    public static async Task ReadBack(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        SideFile[] files = [File(lease, ""), File(lease, "state"), SideFile.Of(lease.Epoch, Enumerable.Range(0, 1 << 20).Select(index => (byte)index).ToArray())];
        var manifest = Manifest(lease, 1, files);
        await lease.WriteAsync(manifest, files, stand.CancellationToken);
        await stand.HoldsAsync("After a checkpoint with three side files was written", manifest);
        await stand.HasSideFilesAsync("After a checkpoint with three side files was written", files);
    }

    public static async Task NamedAgain(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        SideFile[] files = [File(lease, "state"), File(lease, "more state")];
        var manifests = Enumerable.Range(1, 3).Select(id => Manifest(lease, id, files)).ToList();
        await lease.WriteAsync(manifests[0], files, stand.CancellationToken);
        await lease.WriteAsync(manifests[1], stand.CancellationToken);
        await stand.HoldsAsync("After a second checkpoint that names the same side files", manifests.Take(2));
        await lease.WriteAsync(manifests[2], files, stand.CancellationToken);
        await stand.HoldsAsync("After three checkpoints that name the same side files", manifests);
        await stand.HasSideFilesAsync("After three checkpoints that name the same side files", files);
    }

    public static async Task MissingIsRefused(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var (there, missing) = (File(lease, "state"), File(lease, "lost"));
        try
        {
            await lease.WriteAsync(Manifest(lease, 1, there, missing), [there], stand.CancellationToken);
        }
        catch (CdcFlowException error) when (error.Code == CheckpointErrorCodes.SideFileLost)
        {
            await stand.HoldsAsync("After a checkpoint was refused that names a side file which is not there");
            return;
        }

        throw new ConformanceException("A checkpoint that names a side file which is neither given nor in the store should be refused with SideFileErrors.RequireAll, and was written.");
    }

    public static async Task Deleted(StoreStand stand)
    {
        await using var lease = await stand.StartAsync();
        var (old, kept) = (File(lease, "old"), File(lease, "kept"));
        var manifest = Manifest(lease, 2, kept);
        await lease.WriteAsync(Manifest(lease, 1, old, kept), [old, kept], stand.CancellationToken);
        await lease.WriteAsync(manifest, stand.CancellationToken);
        await lease.DeleteAsync(Ref(lease, 1), stand.CancellationToken);
        for (var time = 0; time < 2; time++)
        {
            await lease.DeleteSideFilesAsync([old.Name], stand.CancellationToken);
            await stand.HasSideFilesAsync("After a side file was deleted that no checkpoint names", kept);
            var found = await stand.Target.Open().LoadSideFileAsync(old.Name, stand.CancellationToken);
            Require(found is null, () => "A deleted side file should be read as null.");
        }

        await stand.HoldsAsync("After a side file was deleted that no checkpoint names", manifest);
    }

    public static async Task DeletionSurvivesPowerCut(StoreStand stand)
    {
        var lease = await stand.StartAsync();
        var (old, kept) = (File(lease, "old"), File(lease, "kept"));
        await lease.WriteAsync(Manifest(lease, 1, old, kept), [old, kept], stand.CancellationToken);
        await lease.WriteAsync(Manifest(lease, 2, kept), stand.CancellationToken);
        await lease.DeleteAsync(Ref(lease, 1), stand.CancellationToken);
        await lease.DeleteSideFilesAsync([old.Name], stand.CancellationToken);
        await stand.Target.CutPowerAsync();

        var stored = await RecoveryFacts.LoadAllAsync(stand.Target.Open(), stand.CancellationToken);
        Require(stored.OfType<ReadableCheckpoint>().Any(found => found.Checkpoint == Ref(lease, 2)), () => "After a loss of power, checkpoint 2 should be there, and is not.");
        foreach (var damaged in stored.OfType<DamagedCheckpoint>().Take(1))
        {
            throw new ConformanceException($"A deletion of checkpoints should be durable before a side file goes; after a loss of power, {damaged.Checkpoint} is there again, and {damaged.Reason}.");
        }
    }
}
