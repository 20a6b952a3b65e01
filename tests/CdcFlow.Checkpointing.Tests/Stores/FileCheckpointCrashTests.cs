using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>A crash before every step of a checkpoint's life: the store holds the old or the new one afterwards, whole, never none.</summary>
public sealed class FileCheckpointCrashTests
{
    private static readonly LeaseHolder holder = new("alpha", 17, DateTimeOffset.UnixEpoch);
    private readonly ManualTime time = new();

    [Fact]
    public async Task Killed_before_any_step_the_store_holds_all_that_was_reported_and_nothing_torn()
    {
        var steps = await StepsAsync();
        Assert.InRange(steps, 30, 500);
        for (var step = 1; step <= steps; step++)
        {
            var disk = new SimulatedDisk();
            var reported = await RunUntilAsync(disk, step);
            await AssertHoldsAsync(disk, reported, $"killed before step {step}");
        }
    }

    [Fact]
    public async Task Power_cut_before_any_step_loses_nothing_that_was_reported()
    {
        var steps = await StepsAsync();
        for (var step = 1; step <= steps; step++)
        {
            for (var seed = 0; seed < 50; seed++)
            {
                var disk = new SimulatedDisk();
                var reported = await RunUntilAsync(disk, step);
                disk.CutPower(new Random(seed));
                await AssertHoldsAsync(disk, reported, $"power cut before step {step}, seed {seed}");
            }
        }
    }

    [Fact]
    public async Task Crash_during_recovery_after_a_crash_loses_nothing_either()
    {
        var steps = await StepsAsync();
        for (var step = 1; step <= steps; step += 3)
        {
            for (var second = 1; second <= 20; second++)
            {
                var disk = new SimulatedDisk();
                var reported = await RunUntilAsync(disk, step);
                disk.CutPower(new Random(step));
                var again = await RunUntilAsync(disk, second);
                disk.CutPower(new Random(second));
                await AssertHoldsAsync(disk, Newer(reported, again), $"power cut before step {step}, then before {second}");
            }
        }
    }

    [Fact]
    public async Task What_a_successor_has_seen_survives_a_power_cut_though_its_writer_was_killed_before_flushing_the_directory()
    {
        var steps = await StepsAsync();
        for (var step = 1; step <= steps; step++)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var disk = new SimulatedDisk();
                await RunUntilAsync(disk, step);
                var successor = new SimulatedFileSystem(disk);
                var epoch = (await Store(successor).AcquireAsync(holder, CancellationToken.None)).Epoch;
                var seen = await Store(successor).ListAsync(CancellationToken.None);
                disk.CutPower(new Random(seed));

                await using var next = await Store(disk).AcquireAsync(holder, CancellationToken.None);
                Assert.True(next.Epoch > epoch, $"epoch {epoch} was given twice; step {step}, seed {seed}");
                Assert.Equal(seen, await Store(disk).ListAsync(CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task Failed_flush_is_fatal_and_nothing_is_written_afterwards()
    {
        var disk = new SimulatedDisk();
        var process = new SimulatedFileSystem(disk, step =>
        {
            if (step.StartsWith("sync 0000000002", StringComparison.Ordinal))
            {
                throw new IOException("Input/output error", 5);
            }
        });
        var lease = await Store(process).AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.WriteAsync(Manifest(Ref(2)), CancellationToken.None));
            Assert.Equal(CheckpointErrorCodes.FlushFailed, error.Code);
            Assert.False(error.IsTransient);
        }

        await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.WriteAsync(Manifest(Ref(3)), CancellationToken.None));
        process.Die();
        Assert.Equal([Ref(1)], await Store(disk).ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Full_disk_keeps_the_last_checkpoint_and_heals_when_there_is_space()
    {
        var disk = new SimulatedDisk();
        await using var lease = await Store(disk).AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);

        disk.BytesFree = 300;
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.WriteAsync(Manifest(Ref(2)), CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.DiskFull, error.Code);
        Assert.True(error.IsTransient);
        Assert.Equal([Ref(1)], await Store(disk).ListAsync(CancellationToken.None));
        Assert.DoesNotContain(disk.Contents.Keys, path => path.EndsWith(".tmp", StringComparison.Ordinal));

        disk.BytesFree = null;
        await lease.WriteAsync(Manifest(Ref(2)), CancellationToken.None);
        Assert.IsType<ReadableCheckpoint>(await Store(disk).LoadAsync(Ref(2), CancellationToken.None));
    }

    [Fact]
    public async Task File_larger_than_any_checkpoint_is_damaged_and_never_read()
    {
        var disk = new SimulatedDisk();
        await using var lease = await Store(disk).AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
        var path = disk.Contents.Keys.Single(path => path.EndsWith(".checkpoint", StringComparison.Ordinal));
        disk.Put(path, new byte[CheckpointFile.BytesMax + 1]);

        var reads = new List<string>();
        var store = Store(new SimulatedFileSystem(disk, reads.Add));
        var damaged = Assert.IsType<DamagedCheckpoint>(await store.LoadAsync(Ref(1), CancellationToken.None));

        Assert.Equal(CheckpointErrorCodes.Damaged, damaged.Code);
        Assert.Contains("no checkpoint has more than", damaged.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(reads, step => step.StartsWith("read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Store_that_cannot_be_written_names_its_directory()
    {
        var process = new SimulatedFileSystem(new SimulatedDisk(), _ => throw new UnauthorizedAccessException("Permission denied"));
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await Store(process).AcquireAsync(holder, CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.StoreUnavailable, error.Code);
        Assert.Contains("/state/orders", error.Message, StringComparison.Ordinal);
    }

    private async Task<int> StepsAsync()
    {
        var steps = 0;
        await LiveAsync(new SimulatedFileSystem(new SimulatedDisk(), _ => steps++), _ => { });
        return steps;
    }

    /// <summary>The newest checkpoint that was reported as written before the process died.</summary>
    private async Task<CheckpointRef?> RunUntilAsync(SimulatedDisk disk, int lastStep)
    {
        var steps = 0;
        CheckpointRef? reported = null;
        var process = new SimulatedFileSystem(disk, _ =>
        {
            if (++steps >= lastStep)
            {
                throw new DiedException();
            }
        });
        try
        {
            await LiveAsync(process, checkpoint => reported = checkpoint);
        }
        catch (DiedException)
        {
        }

        process.Die();
        return reported;
    }

    /// <summary>One instance: lease, three checkpoints, each with a side file of its own and one that all of the instance name, renewal, retention, the note after a commit, release.</summary>
    private async Task LiveAsync(SimulatedFileSystem process, Action<CheckpointRef> report)
    {
        var store = Store(process);
        var lease = await store.AcquireAsync(holder, CancellationToken.None);
        var stored = await store.ListAsync(CancellationToken.None);
        var next = stored.Select(checkpoint => checkpoint.Id.Value).DefaultIfEmpty().Max() + 1;
        var shared = File(lease.Epoch, "shared");
        for (var id = next; id < next + 3; id++)
        {
            var checkpoint = Ref(id, lease.Epoch.Value);
            var own = File(lease.Epoch, $"of {id}");
            await lease.WriteAsync(Manifest(checkpoint, shared.Name, own.Name), id == next ? [shared, own] : [own], CancellationToken.None);
            report(checkpoint);
            await lease.RenewAsync(CancellationToken.None);
            if (id > next)
            {
                await lease.DeleteAsync(Ref(id - 1, lease.Epoch.Value), CancellationToken.None);
                await CleanAsync(store, lease);
            }
        }

        var last = Ref(next + 2, lease.Epoch.Value);
        await lease.WriteAsync(Manifest(last, shared.Name, File(lease.Epoch, $"of {last.Id}").Name) with { LastCommitted = last }, CancellationToken.None);
        await lease.DisposeAsync();
    }

    private static async Task CleanAsync(FileCheckpointStore store, ICheckpointLease lease)
    {
        var stored = await RecoveryFacts.LoadAllAsync(store, CancellationToken.None);
        await lease.DeleteSideFilesAsync(Retention.Unnamed(await store.ListSideFilesAsync(CancellationToken.None), [.. stored]), CancellationToken.None);
    }

    private static SideFile File(Epoch writer, string text) => SideFile.Of(writer, System.Text.Encoding.UTF8.GetBytes(text));

    private async Task AssertHoldsAsync(SimulatedDisk disk, CheckpointRef? reported, string when)
    {
        var store = Store(disk);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        var stored = await RecoveryFacts.LoadAllAsync(store, CancellationToken.None);
        Assert.All(stored, checkpoint => Assert.True(checkpoint is ReadableCheckpoint, $"{when}: {checkpoint}"));
        Assert.True(
            reported is null || stored.Any(checkpoint => checkpoint.Checkpoint == reported || CheckpointOrder.IsNewer(checkpoint.Checkpoint, reported.Value)),
            $"{when}: {reported} was reported, and the store holds {string.Join(' ', stored.Select(checkpoint => checkpoint.Checkpoint))}");
        await lease.WriteAsync(Manifest(Ref(1000, lease.Epoch.Value)), CancellationToken.None);

        // What is left over is deleted, and nothing that a checkpoint names.
        await CleanAsync(store, lease);
        stored = await RecoveryFacts.LoadAllAsync(store, CancellationToken.None);
        var named = stored.Select(checkpoint => Assert.IsType<ReadableCheckpoint>(checkpoint)).SelectMany(readable => readable.Manifest.SideFiles).ToHashSet();
        Assert.True(named.SetEquals(await store.ListSideFilesAsync(CancellationToken.None)), when);
    }

    private static CheckpointRef? Newer(CheckpointRef? left, CheckpointRef? right) =>
        left is null ? right : right is null || CheckpointOrder.IsNewer(left.Value, right.Value) ? left : right;

    private FileCheckpointStore Store(SimulatedDisk disk) => Store(new SimulatedFileSystem(disk));

    private FileCheckpointStore Store(SimulatedFileSystem process) => new("orders", "/state/orders", process, time);

    private sealed class DiedException : Exception;
}
