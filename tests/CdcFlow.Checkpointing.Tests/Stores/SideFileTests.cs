using System.Text;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>Side files of the local folder: what is on the disk, and what a start says when one is lost. What every store promises of them, <see cref="CheckpointStoreConformanceTests"/> checks.</summary>
public sealed class SideFileTests
{
    private static readonly LeaseHolder holder = new("alpha", 17, DateTimeOffset.UnixEpoch);
    private readonly SimulatedDisk disk = new();

    private string Path => disk.Contents.Keys.Single(path => path.EndsWith(".side", StringComparison.Ordinal));

    [Fact]
    public async Task Side_file_lies_in_the_folder_as_it_is_under_its_hash_and_its_writers_epoch()
    {
        await using var lease = await WriteAsync();
        Assert.Equal("/state/orders/fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9@000001.side", Path);
        Assert.Equal("bar"u8.ToArray(), disk.Contents[Path]);
    }

    [Fact]
    public async Task File_of_a_checkpoint_with_side_files_is_of_format_2_and_one_without_is_of_format_1()
    {
        await using var lease = await WriteAsync();
        await lease.WriteAsync(Manifest(Ref(2)), CancellationToken.None);
        string[] headers = [.. disk.Contents.Where(file => file.Key.EndsWith(".checkpoint", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => Encoding.UTF8.GetString(file.Value)[..27])];
        Assert.Equal(["CDCFLOW-CHECKPOINT format=2", "CDCFLOW-CHECKPOINT format=1"], headers);
    }

    [Fact]
    public async Task Side_file_is_written_once()
    {
        var writes = new List<string>();
        await using var lease = await Store(writes.Add).AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1), Bar.Name), [Bar], CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(2), Bar.Name), [Bar], CancellationToken.None);
        Assert.Single(writes, step => step.StartsWith("rename", StringComparison.Ordinal) && step.Contains(".side", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing", "its side file fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9@1 is missing")]
    [InlineData("torn", "its side file fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9@1 is not what was written")]
    [InlineData("another", "its side file fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9@1 is not what was written")]
    [InlineData("huge", "its side file fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9@1 is not what was written")]
    public async Task Checkpoint_that_lacks_a_side_file_is_damaged_and_a_start_says_how_to_go_on(string damage, string reason)
    {
        await (await WriteAsync()).DisposeAsync();
        Damage(damage);
        var stored = await RecoveryFacts.LoadAllAsync(Store(), CancellationToken.None);
        Assert.Equal(new DamagedCheckpoint(Ref(1), CheckpointErrorCodes.SideFileLost, reason) { Bytes = stored[0].Bytes }, Assert.Single(stored));

        var refusal = Assert.IsType<Refusal>(Recovery.Decide(new RecoveryFacts("orders", stored, [new OpenedSink("db", SinkKind.Transactional, Ref(1))])));
        Assert.Equal(CheckpointErrorCodes.SideFileLost, refusal.Code);
        Assert.StartsWith("Bring the side file back from a backup of the store; or say yourself where to begin: `run --restore-from ID@EPOCH`", refusal.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_is_not_written_that_names_what_was_deleted_under_the_running_instance()
    {
        await using var lease = await WriteAsync();
        Damage("missing");
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await lease.WriteAsync(Manifest(Ref(2), Bar.Name), CancellationToken.None));
        Assert.Equal(CheckpointErrorCodes.SideFileLost, error.Code);
        Assert.False(error.IsTransient);
        Assert.Equal([Ref(1)], await Store().ListAsync(CancellationToken.None));
    }

    [Fact]
    public void Side_file_that_is_larger_than_a_store_takes_is_refused_before_it_is_written()
    {
        var error = Assert.Throws<CdcFlowException>(() => SideFile.Of(new Epoch(1), new byte[SideFile.BytesMax + 1]));
        Assert.Equal(CheckpointErrorCodes.TooLarge, error.Code);
    }

    private static SideFile Bar { get; } = SideFile.Of(new Epoch(1), "bar"u8.ToArray());

    private async Task<ICheckpointLease> WriteAsync()
    {
        var lease = await Store().AcquireAsync(holder, CancellationToken.None);
        await lease.WriteAsync(Manifest(Ref(1), Bar.Name), [Bar], CancellationToken.None);
        return lease;
    }

    private void Damage(string damage)
    {
        var path = Path;
        if (damage == "missing")
        {
            new SimulatedFileSystem(disk).Delete(path);
            return;
        }

        disk.Put(path, damage switch { "torn" => "ba"u8, "another" => "baz"u8, _ => new byte[SideFile.BytesMax + 1] });
    }

    private FileCheckpointStore Store(Action<string>? step = null) => new("orders", "/state/orders", new SimulatedFileSystem(disk, step), new ManualTime());
}
