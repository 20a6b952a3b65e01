using CdcFlow.Checkpointing.IO;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Files.Tests.Conformance;

public sealed class FileSinkConformanceTests
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.Staged)];

    [Theory, MemberData(nameof(Checks))]
    public Task On_the_machines_own_file_system(string check) => RunAsync(check, () => Local());

    [Theory, MemberData(nameof(Checks))]
    public Task With_small_files(string check) => RunAsync(check, () => Local(sink => sink.RollBytes = 10_000));

    [Theory, MemberData(nameof(Checks))]
    public async Task On_a_disk_that_loses_power_when_a_process_dies(string check)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            await RunAsync(check, () => Simulated(random));
        }
    }

    private static Task RunAsync(string check, Func<ISinkTarget> target) =>
        new SinkConformance(SinkKind.Staged, _ => ValueTask.FromResult(target())).RunAsync(check, TestContext.Current.CancellationToken);

    private static FileSinkTarget Local(Action<FileSinkAttribute>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("cdcflow-files-").FullName;
        return new FileSinkTarget(LocalFileSystem.Default, folder, configure, dispose: () => Directory.Delete(folder, recursive: true));
    }

    private static FileSinkTarget Simulated(Random random)
    {
        var disk = new SimulatedDisk();
        disk.Put("/data/out/readme", []);
        return new FileSinkTarget(new SimulatedFileSystem(disk), "/data/out", kill: () => disk.CutPower(random));
    }
}
