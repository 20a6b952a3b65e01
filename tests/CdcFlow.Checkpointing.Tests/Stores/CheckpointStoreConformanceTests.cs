using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Checkpointing.Tests.Stores;

/// <summary>What the port promises, of every store.</summary>
public sealed class CheckpointStoreConformanceTests
{
    public static TheoryData<string> Checks => [.. CheckpointStoreConformance.Checks];

    /// <summary>The simulated disk is not for several threads.</summary>
    public static TheoryData<string> ChecksOfOneThread => [.. CheckpointStoreConformance.Checks.Where(check => !check.Contains("at once, no two", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Checks))]
    public Task Memory_conforms(string check) => RunAsync(check, new MemoryTarget());

    [Theory, MemberData(nameof(Checks))]
    public Task Folder_conforms(string check) => RunAsync(check, new FolderTarget());

    /// <summary>A loss of power keeps any part of what is not durable: several, each with another part.</summary>
    [Theory, MemberData(nameof(ChecksOfOneThread))]
    public async Task Folder_on_a_disk_that_loses_power_conforms(string check)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            await RunAsync(check, new DiskTarget(new Random(seed)));
        }
    }

    private static Task RunAsync(string check, ICheckpointStoreTarget target) =>
        new CheckpointStoreConformance(_ => ValueTask.FromResult(target)).RunAsync(check, TestContext.Current.CancellationToken);

    private abstract class Target : ICheckpointStoreTarget
    {
        protected ManualTime Time { get; } = new();

        public abstract ICheckpointStore Open();

        public ValueTask PassAsync(TimeSpan time, CancellationToken cancellationToken)
        {
            Time.Pass(time);
            return ValueTask.CompletedTask;
        }

        public virtual ValueTask CutPowerAsync() => ValueTask.CompletedTask;

        public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class MemoryTarget : Target
    {
        private readonly InMemoryCheckpointStore store;

        public MemoryTarget() => store = new InMemoryCheckpointStore(CheckpointStoreConformance.Pipeline, Time);

        public override ICheckpointStore Open() => store;
    }

    private sealed class FolderTarget : Target
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cdcflow-store-");

        public override ICheckpointStore Open() => new FileCheckpointStore(CheckpointStoreConformance.Pipeline, Path.Combine(folder.FullName, "checkpoints"), LocalFileSystem.OwnerOnly, Time);

        public override ValueTask DisposeAsync()
        {
            folder.Delete(recursive: true);
            return base.DisposeAsync();
        }
    }

    private sealed class DiskTarget(Random random) : Target
    {
        private readonly SimulatedDisk disk = new();

        public override ICheckpointStore Open() => new FileCheckpointStore(CheckpointStoreConformance.Pipeline, "/state/orders", new SimulatedFileSystem(disk), Time);

        public override ValueTask CutPowerAsync()
        {
            disk.CutPower(random);
            return ValueTask.CompletedTask;
        }
    }
}
