using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>The file that says whose a folder is.</summary>
public sealed class OwnerTests
{
    private const string Owner = "/data/out/.conformance.out.owner";
    private const string SinksOwner = "/data/out/audit/.conformance.out.owner";
    private static readonly StoreId other = new(new Guid("0ddba115-0000-4000-8000-000000000002"));

    private readonly SimulatedDisk disk = new();

    [Fact]
    [Trait("WayOut", "CDCF3033")]
    public async Task Folder_whose_owner_cannot_be_told_is_opened_once_the_file_is_deleted_as_the_message_says()
    {
        await CommittedAsync();
        disk.Put(Owner, "{"u8);
        for (var start = 0; start < 2; start++)
        {
            await using var process = new FileProcess(new SimulatedFileSystem(disk), 2);
            var error = await Assert.ThrowsAsync<CdcFlowException>(process.OpenAsync);
            Assert.Equal(FileErrors.OwnerUnreadable, error.Code);
            Assert.Contains("delete it, so that the next start makes it anew", error.Fix, StringComparison.Ordinal);
            Assert.Equal(FileErrors.OwnerUnreadable, (await Assert.ThrowsAsync<CdcFlowException>(process.ReadMarkerAsync)).Code);
        }

        new SimulatedFileSystem(disk).Delete(Owner);
        await using var next = new FileProcess(new SimulatedFileSystem(disk), 3);
        await next.OpenAsync();
        await next.WriteAsync(2);
        await next.CommitAsync(await next.PrepareAsync(2));
        Assert.Equal([1, 2], FileProcess.Published(disk.Contents));
    }

    [Fact]
    [Trait("WayOut", "CDCF3035")]
    public async Task Instance_whose_folder_was_taken_over_is_fenced_until_its_store_is_made_the_owner_again()
    {
        await using var owner = new FileProcess(new SimulatedFileSystem(disk), 1);
        await owner.OpenAsync();
        await owner.WriteAsync(1);
        var permit = await owner.PrepareAsync(1);
        await using var successor = new FileProcess(new SimulatedFileSystem(disk), 9);
        await successor.OpenAsync(other, SinkConformanceStore);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => owner.CommitAsync(permit));
            Assert.Equal((FileErrors.FolderTakenOver, true, new Epoch(9)), (error.Code, error.IsFenced, error.FencedBy));
            Assert.Contains("`takeover` makes this instance's store the owner again", error.Fix, StringComparison.Ordinal);
        }

        Assert.Empty(FileProcess.Published(disk.Contents));
        await using var again = new FileProcess(new SimulatedFileSystem(disk), 10);
        await again.OpenAsync(SinkConformanceStore, other);
        await again.WriteAsync(1);
        await again.CommitAsync(await again.PrepareAsync(2));
        Assert.Equal([1], FileProcess.Published(disk.Contents));
    }

    [Fact]
    public async Task Folder_that_is_emptied_under_a_running_instance_stops_it()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1);
        await process.OpenAsync();
        new SimulatedFileSystem(disk).Delete(Owner);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => process.PrepareAsync(1));
        Assert.Equal((FileErrors.FolderVanished, false), (error.Code, error.IsTransient));
    }

    [Fact]
    public async Task Marker_of_version_0_1_is_what_it_has_published()
    {
        await CommittedAsync();
        disk.Files().Delete(Owner);
        disk.Files().Delete(SinksOwner);
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 2);
        var found = await process.ReadMarkerAsync();
        Assert.Equal((null, new Epoch(1), new CheckpointRef(new Epoch(1), new CheckpointId(1))), (found!.Store, found.Epoch, found.Checkpoint!.Value));
        Assert.False(disk.Contents.ContainsKey(Owner));
    }

    [Fact]
    public async Task Folder_of_its_own_that_is_not_mounted_is_told_at_the_start_and_stops_an_instance_that_runs()
    {
        static void Elsewhere(FileSinkAttribute sink) => sink.Folder = "/mnt/audit";
        const string owner = "/mnt/audit/.conformance.out.owner";
        await using (var process = new FileProcess(disk.Files(), 1, configure: Elsewhere))
        {
            await process.OpenAsync();
            await process.WriteAsync(1);
            disk.Files().Delete(owner); // the mount point is there still
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => process.PrepareAsync(1));
            Assert.Equal(FileErrors.FolderVanished, error.Code);
            Assert.Contains("'/mnt/audit'", error.Happened, StringComparison.Ordinal);
        }

        await using var next = new FileProcess(disk.Files(), 2, configure: Elsewhere);
        Assert.Equal("folder '/mnt/audit'", (await next.ReadMarkerAsync())!.Vanished);
        Assert.False(disk.Contents.ContainsKey(owner));
        await using var elsewhere = new FileProcess(disk.Files(), 3, configure: sink => sink.Folder = "/mnt/other");
        Assert.Null((await elsewhere.ReadMarkerAsync())!.Vanished);
    }

    [Fact]
    public async Task Folder_that_another_stores_sink_shares_is_found_foreign_by_either_and_can_be_taken_over()
    {
        static void Shared(FileSinkAttribute sink) => sink.Folder = "/mnt/shared";
        await using var owner = new FileProcess(disk.Files(), 1, configure: Shared);
        await owner.OpenAsync();
        await using (var start = new FileProcess(disk.Files(), 1, folder: "/elsewhere", configure: Shared))
        {
            var found = await start.ReadMarkerAsync();
            Assert.Equal(SinkConformanceStore, found!.ForeignTo(other)!.Store);
            await Assert.ThrowsAsync<CdcFlowException>(() => start.OpenAsync(other));
            await owner.PrepareAsync(1);
        }

        await using var taking = new FileProcess(disk.Files(), 9, folder: "/elsewhere", configure: Shared);
        await taking.OpenAsync(other, SinkConformanceStore);
        Assert.Equal(FileErrors.FolderTakenOver, (await Assert.ThrowsAsync<CdcFlowException>(() => owner.PrepareAsync(2))).Code);
        await using var back = new FileProcess(disk.Files(), 10, configure: Shared);
        Assert.Equal(other, (await back.ReadMarkerAsync())!.ForeignTo(SinkConformanceStore)!.Store);
        Assert.Null((await taking.ReadMarkerAsync())!.ForeignTo(other));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("WayOut", "CDCF5117")]
    public async Task Copy_of_the_store_that_opens_the_folder_ends_the_instance_before_it_publishes(long epochOfCopy)
    {
        await using var original = new FileProcess(disk.Files(), 1);
        await original.OpenAsync();
        await original.WriteAsync(1);
        await using var copy = new FileProcess(disk.Files(), epochOfCopy);
        await copy.OpenAsync();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => original.PrepareAsync(1));
            Assert.Equal((FileErrors.FolderOpenedSince, true, new Epoch(epochOfCopy)), (error.Code, error.IsFenced, error.FencedBy));
            Assert.Contains("stop the other, and start this one again", error.Fix, StringComparison.Ordinal);
        }

        await copy.WriteAsync(1);
        await copy.CommitAsync(await copy.PrepareAsync(1));
        await copy.DisposeAsync();
        await using var again = new FileProcess(disk.Files(), 3);
        await again.OpenAsync();
        await again.WriteAsync(2);
        await again.CommitAsync(await again.PrepareAsync(2));
        Assert.Equal([1, 2], FileProcess.Published(disk.Contents));
    }

    [Fact]
    public async Task Older_instance_that_opens_late_is_refused_and_the_newer_one_goes_on()
    {
        await using var newer = new FileProcess(disk.Files(), 2);
        await newer.OpenAsync();
        await using var late = new FileProcess(disk.Files(), 1);
        Assert.Equal(FileErrors.FolderOpenedSince, (await Assert.ThrowsAsync<CdcFlowException>(late.OpenAsync)).Code);
        await newer.WriteAsync(1);
        await newer.CommitAsync(await newer.PrepareAsync(1));
    }

    // Between its look at the owner and the rename that makes it the owner, a start could undo a take-over that had said it was done.
    [Fact]
    [Trait("WayOut", "CDCF5116")]
    public async Task Opening_of_the_old_store_cannot_undo_a_take_over_in_between()
    {
        await CommittedAsync();
        FileProcess? taking = null;
        var opening = new SimulatedFileSystem(disk, step =>
        {
            if (taking is null && step == "create .conformance.out.owner.2.inprogress")
            {
                taking = new FileProcess(disk.Files(), 9);
                var error = Assert.Throws<CdcFlowException>(() => taking.OpenAsync(other, SinkConformanceStore).GetAwaiter().GetResult());
                Assert.Equal((FileErrors.FolderBeingOpened, true), (error.Code, error.IsTransient));
                Assert.Contains("a command is to be given again", error.Fix, StringComparison.Ordinal);
            }
        });
        await using var old = new FileProcess(opening, 2);
        await old.OpenAsync();
        await taking!.OpenAsync(other, SinkConformanceStore);
        await taking.PrepareAsync(1);
        Assert.Equal(FileErrors.FolderTakenOver, (await Assert.ThrowsAsync<CdcFlowException>(() => old.PrepareAsync(1))).Code);
    }

    [Fact]
    public async Task Owner_that_cannot_be_read_for_a_while_is_not_taken_for_gone()
    {
        var fails = false;
        var files = new SimulatedFileSystem(disk, step => _ = fails && step == "read .conformance.out.owner" ? throw new IOException("Stale file handle") : 0);
        await using var process = new FileProcess(files, 1);
        await process.OpenAsync();
        fails = true;
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => process.PrepareAsync(1));
        Assert.Equal((FileErrors.FileSystemFailed, true), (error.Code, error.IsTransient));
        Assert.Equal(FileErrors.FileSystemFailed, (await Assert.ThrowsAsync<CdcFlowException>(process.ReadMarkerAsync)).Code);
    }

    [Fact]
    public async Task Two_instances_can_try_one_folder_at_once()
    {
        FileProcess? beside = null;
        var files = new SimulatedFileSystem(disk, step =>
        {
            if (beside is null && step.StartsWith("sync .cdcflow-probe", StringComparison.Ordinal))
            {
                beside = new FileProcess(disk.Files(), 2, name: "audit");
                Assert.Equal(Configuration.PreflightStatus.Passed, beside.CheckAsync().GetAwaiter().GetResult().Status);
            }
        });
        await using var process = new FileProcess(files, 1);
        await process.OpenAsync();
        Assert.Equal(Configuration.PreflightStatus.Passed, (await process.CheckAsync()).Status);
        Assert.NotNull(beside);
        Assert.DoesNotContain(disk.Contents.Keys, name => name.Contains("probe", StringComparison.Ordinal));
    }

    private static StoreId SinkConformanceStore => Testing.Conformance.SinkConformance.Store;

    private async Task CommittedAsync()
    {
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 1);
        await process.OpenAsync();
        await process.WriteAsync(1);
        process.EndInput();
        await process.CommitAsync(await process.PrepareAsync(1));
    }
}
