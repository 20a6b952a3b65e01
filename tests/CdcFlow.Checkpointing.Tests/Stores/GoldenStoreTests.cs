using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>Whole folders that earlier versions left behind, as their pipelines wrote them: every later version goes on from them.</summary>
public sealed class GoldenStoreTests : IDisposable
{
    private static readonly LeaseHolder holder = new("another machine", 17, DateTimeOffset.UnixEpoch);

    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-golden-").FullName;

    public static TheoryData<string> Versions => [.. Directory.GetDirectories(Golden).Select(path => Path.GetFileName(path))];

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "GoldenStores");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory, MemberData(nameof(Versions))]
    public async Task Store_of_an_earlier_version_is_gone_on_from(string version)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Golden, version)))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        var newest = new CheckpointRef(new Epoch(28810872), new CheckpointId(34));
        var store = new FileCheckpointStore("orders", directory, LocalFileSystem.OwnerOnly, TimeProvider.System);
        await using var lease = await store.AcquireAsync(holder, CancellationToken.None);
        Assert.Equal(newest.Epoch.Value + 1, lease.Epoch.Value);

        var stored = await RecoveryFacts.LoadAllAsync(store, CancellationToken.None);
        Assert.All(stored, checkpoint => Assert.IsType<ReadableCheckpoint>(checkpoint));
        var facts = new RecoveryFacts("orders", stored, [new("warehouse", SinkKind.Transactional, newest), new("files", SinkKind.Staged, null)]) { Sources = ["shop"] };
        var restore = Assert.IsType<Restore>(Recovery.Decide(facts));
        Assert.Equal(newest, restore.Checkpoint.Manifest.Checkpoint);
        Assert.Equal(35, restore.NextId.Value);
        Assert.Equal(3, restore.Checkpoint.Manifest.Sinks["files"].Committable.Json.GetProperty("files").GetArrayLength());

        var next = new CheckpointRef(lease.Epoch, restore.NextId);
        await lease.WriteAsync(restore.Checkpoint.Manifest with { Checkpoint = next }, CancellationToken.None);
        Assert.Equal(next, (await store.ListAsync(CancellationToken.None))[0]);
    }

    [Fact]
    public void Epoch_file_of_0_1_has_no_checksum_and_is_read()
    {
        var record = EpochRecord.Parse(File.ReadAllBytes(Path.Combine(Golden, "version-0.1", "28810872.epoch")));
        Assert.True(record is { Pipeline: "orders", Epoch.Value: 28810872, IsReleased: true, Renewals: 0 });
    }
}
