using CdcFlow.Checkpoints;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>The file that says whose a folder is.</summary>
public sealed class OwnerTests
{
    private const string Owner = "/data/out/.conformance.out.owner";
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
        new SimulatedFileSystem(disk).Delete(Owner);
        await using var process = new FileProcess(new SimulatedFileSystem(disk), 2);
        var found = await process.ReadMarkerAsync();
        Assert.Equal((null, new Epoch(1), new CheckpointRef(new Epoch(1), new CheckpointId(1))), (found!.Store, found.Epoch, found.Checkpoint!.Value));
        Assert.False(disk.Contents.ContainsKey(Owner));
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
