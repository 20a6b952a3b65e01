using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>No lock protects a commit, so every interleaving counts: one instance does all its work between two steps of the other.</summary>
public sealed class FileCheckpointRaceTests
{
    private static readonly LeaseHolder first = new("alpha", 17, DateTimeOffset.UnixEpoch);
    private static readonly LeaseHolder elsewhere = new("beta", 18, DateTimeOffset.UnixEpoch);

    private readonly ManualTime time = new();

    public static TheoryData<string> Writes => ["write", "renew", "raise", "delete"];

    [Theory, MemberData(nameof(Writes))]
    public async Task Successor_between_any_two_steps_of_a_writer_sees_what_is_reported_as_written_and_nothing_comes_later(string write)
    {
        var (reported, fenced) = (0, 0);
        for (var step = 1; ; step++)
        {
            var disk = new SimulatedDisk();
            var (steps, strikes) = (0, 0);
            IReadOnlyList<CheckpointRef>? seen = null;
            ICheckpointLease? successor = null;
            var process = new SimulatedFileSystem(disk, _ =>
            {
                if (strikes == 1 && ++steps == step)
                {
                    strikes++;
                    successor = SucceedAsync(disk).GetAwaiter().GetResult();
                    seen = Checkpoints(disk);
                }
            });
            var lease = await Store(process).AcquireAsync(first, CancellationToken.None);
            await lease.WriteAsync(Manifest(Ref(1, lease.Epoch.Value)), CancellationToken.None);
            strikes = 1;
            var second = Ref(2, lease.Epoch.Value);
            var done = await TryAsync(() => DoAsync(lease, write));
            if (seen is null)
            {
                Assert.True(fenced > 0 && (reported > 0 || write == "renew"), $"{write}: {reported} reported, {fenced} fenced");
                return;
            }

            reported += done ? 1 : 0;
            fenced += done ? 0 : 1;
            Assert.True(write != "write" || done == seen.Contains(second), $"{write}, step {step}: reported {done}, seen {string.Join(' ', seen)}");
            Assert.True(write == "delete" || seen.SequenceEqual(Checkpoints(disk)), $"{write}, step {step}: the store has changed after the successor had read it");
            Assert.False(await TryAsync(() => lease.RenewAsync(CancellationToken.None)));
            await successor!.RenewAsync(CancellationToken.None);
            await successor.WriteAsync(Manifest(Ref(9, successor.Epoch.Value)), CancellationToken.None);
        }
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Writer_between_any_two_steps_of_its_successor_either_is_seen_or_is_fenced(string write)
    {
        for (var step = 1; ; step++)
        {
            var disk = new SimulatedDisk();
            var lease = await Store(new SimulatedFileSystem(disk)).AcquireAsync(first, CancellationToken.None);
            await lease.WriteAsync(Manifest(Ref(1, lease.Epoch.Value)), CancellationToken.None);
            var steps = 0;
            bool? done = null;
            var second = Ref(2, lease.Epoch.Value);
            var process = new SimulatedFileSystem(disk, _ => done = ++steps == step ? TryAsync(() => DoAsync(lease, write)).GetAwaiter().GetResult() : done);
            var successor = await TrySucceedAsync(disk, process);
            if (done is null)
            {
                Assert.InRange(step, 10, 100);
                return;
            }

            // One that renewed in time lives, and is not succeeded; otherwise it may write no more.
            Assert.True(successor is not null || done.Value, $"step {step}: nobody has the lease");
            Assert.True(successor is null || write != "write" || done.Value == Checkpoints(disk).Contains(second), $"step {step}");
            Assert.Equal(successor is null, await TryAsync(() => lease.RenewAsync(CancellationToken.None)));
        }
    }

    [Fact]
    public async Task Two_that_succeed_at_once_have_one_lease_between_them_whatever_the_order_of_their_steps()
    {
        for (var step = 1; ; step++)
        {
            var disk = new SimulatedDisk();
            await (await Store(new SimulatedFileSystem(disk)).AcquireAsync(first, CancellationToken.None)).DisposeAsync();
            var steps = 0;
            ICheckpointLease? other = null;
            var process = new SimulatedFileSystem(disk, _ => other = ++steps == step ? TryAcquireAsync(Store(new SimulatedFileSystem(disk)), elsewhere).GetAwaiter().GetResult() : other);
            var one = await TryAcquireAsync(Store(process), first);
            if (steps < step)
            {
                Assert.InRange(step, 10, 100);
                return;
            }

            var held = new[] { one, other }.OfType<ICheckpointLease>().ToList();
            Assert.True(held.Count == 1, $"step {step}: {held.Count} leases");
            await held[0].WriteAsync(Manifest(Ref(2, held[0].Epoch.Value)), CancellationToken.None);
        }
    }

    private static async Task DoAsync(ICheckpointLease lease, string write)
    {
        switch (write)
        {
            case "write":
                await lease.WriteAsync(Manifest(Ref(2, lease.Epoch.Value)), CancellationToken.None);
                break;
            case "renew":
                await lease.RenewAsync(CancellationToken.None);
                break;
            case "raise":
                await lease.RaiseAsync(default, CancellationToken.None);
                break;
            default:
                await lease.DeleteAsync(Ref(1, lease.Epoch.Value), CancellationToken.None);
                break;
        }
    }

    /// <summary>False when the instance is fenced.</summary>
    private static async Task<bool> TryAsync(Func<ValueTask> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (CdcFlowException fenced) when (fenced.IsFenced)
        {
            return false;
        }
    }

    private static Task<bool> TryAsync(Func<Task> act) => TryAsync(() => new ValueTask(act()));

    private static async Task<ICheckpointLease?> TryAcquireAsync(FileCheckpointStore store, LeaseHolder holder)
    {
        try
        {
            return await store.AcquireAsync(holder, CancellationToken.None);
        }
        catch (CdcFlowException held) when (held.Code == CheckpointErrorCodes.LeaseHeld)
        {
            return null;
        }
    }

    private async Task<ICheckpointLease> SucceedAsync(SimulatedDisk disk) =>
        await TrySucceedAsync(disk, new SimulatedFileSystem(disk)) ?? throw new InvalidOperationException("The successor is kept out.");

    /// <summary>Another machine's instance has watched the lease stand still for long enough.</summary>
    private async Task<ICheckpointLease?> TrySucceedAsync(SimulatedDisk disk, SimulatedFileSystem process)
    {
        var store = Store(process);
        Assert.Null(await TryAcquireAsync(store, elsewhere));
        time.Pass(TimeSpan.FromSeconds(30));
        return await TryAcquireAsync(store, elsewhere);
    }

    private static List<CheckpointRef> Checkpoints(SimulatedDisk disk) =>
        [.. disk.Contents.Keys.Select(path => StorePaths.ParseCheckpoint(Path.GetFileName(path))).OfType<CheckpointRef>()];

    private FileCheckpointStore Store(SimulatedFileSystem process) => new("orders", "/state/orders", process, time);
}
