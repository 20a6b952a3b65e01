using CdcFlow.Checkpoints;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Sink;

/// <summary>After a reset no folder says that it is the old store's: the next start has a store of another id.</summary>
public sealed class ResetTests
{
    private const string Owner = "/data/out/.conformance.out.owner";
    private const string SinksOwner = "/mnt/audit/.conformance.out.owner";
    private static readonly StoreId next = new(new Guid("0ddba115-0000-4000-8000-000000000003"));

    private readonly SimulatedDisk disk = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_folder_is_given_up(bool hasPublished)
    {
        await using (var process = Process(1))
        {
            await process.OpenAsync();
            if (hasPublished)
            {
                await process.WriteAsync(1);
                process.EndInput();
                await process.CommitAsync(await process.PrepareAsync(1));
            }
        }

        Assert.Contains(SinksOwner, disk.Contents.Keys);
        await ResetAsync();
        Assert.Equal(hasPublished, disk.Contents.ContainsKey(Owner));
        await GoesOnAsync();
    }

    [Fact]
    public async Task Opening_after_a_reset_that_died_between_two_folders_is_given_up_too()
    {
        await Every_folder_is_given_up(hasPublished: true);
        await ResetAsync(next);
        var dying = new SimulatedFileSystem(disk, step => _ = step == "create .conformance.out.owner.3.inprogress" && disk.Contents.ContainsKey(SinksOwner) ? throw new IOException("died") : 0);
        await using (var process = Process(3, dying))
        {
            await Assert.ThrowsAsync<CdcFlowException>(process.OpenAsync);
        }

        Assert.Contains(SinksOwner, disk.Contents.Keys);
        await ResetAsync();
        await GoesOnAsync();
    }

    [Fact]
    public async Task Folder_of_a_sink_that_was_moved_since_is_given_up_too()
    {
        await using (var process = Process(1))
        {
            await process.OpenAsync();
        }

        await using (var moved = new FileProcess(disk.Files(), 2))
        {
            await moved.ResetAsync(SinkConformance.Store);
        }

        await GoesOnAsync();
    }

    [Fact]
    public async Task Folder_that_another_store_opens_at_this_moment_is_not_taken_from_it()
    {
        await using (var process = Process(1))
        {
            await process.OpenAsync();
        }

        FileProcess? beside = null;
        var opening = new SimulatedFileSystem(disk, step =>
        {
            if (beside is null && step.StartsWith("create .conformance.out.owner.", StringComparison.Ordinal))
            {
                beside = Process(1);
                var error = Assert.Throws<CdcFlowException>(() => beside.ResetAsync(SinkConformance.Store).GetAwaiter().GetResult());
                Assert.Equal(FileErrors.FolderBeingOpened, error.Code);
            }
        });
        await using var taking = Process(2, opening);
        await taking.OpenAsync(next, SinkConformance.Store);
        Assert.NotNull(beside);
        Assert.Equal(FileErrors.FolderTakenOver, (await Assert.ThrowsAsync<CdcFlowException>(() => beside.ResetAsync(SinkConformance.Store))).Code);
        await taking.PrepareAsync(1);
    }

    private FileProcess Process(long epoch, SimulatedFileSystem? files = null) => new(files ?? disk.Files(), epoch, configure: sink => sink.Folder = "/mnt/audit");

    private Task ResetAsync() => ResetAsync(SinkConformance.Store);

    private async Task ResetAsync(StoreId store)
    {
        await using var process = Process(1);
        await process.ResetAsync(store);
        Assert.DoesNotContain(SinksOwner, disk.Contents.Keys);
    }

    private async Task GoesOnAsync()
    {
        await using var process = Process(9);
        Assert.Null((await process.ReadMarkerAsync())?.ForeignTo(next));
        await process.OpenAsync(next);
        await process.WriteAsync(2);
        await process.CommitAsync(await process.PrepareAsync(1));
    }
}
