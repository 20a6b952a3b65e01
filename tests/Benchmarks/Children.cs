using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Pipelines;
using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Runtime;
using CdcFlow.Sources;

namespace CdcFlow.Benchmarks;

/// <summary>What runs in a process of its own, so that it is measured from outside, like any other program. Each prints one line of figures.</summary>
internal static class Children
{
    /// <summary>Runs one; false when the name is none of them.</summary>
    internal static async Task<bool> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["child-snapshot", var connection, var readers]:
                await SnapshotAsync(connection, readers);
                return true;
            case ["child-log", var connection, var slot, var checkpointSeconds, var folder]:
                await LogAsync(connection, slot, double.Parse(checkpointSeconds, System.Globalization.CultureInfo.InvariantCulture), folder);
                return true;
            case ["child-stream", var connection, var slot, var folder]:
                await StreamAsync(connection, slot, folder);
                return true;
            case ["child-kafka-pipeline", var what, var connection, var bus, var slot, var topic]:
                await KafkaPipelineChild.RunAsync(what, connection, bus, slot, topic);
                return true;
            case ["child-npgsql", var connection, var slot, var publication, var rows]:
                await NpgsqlLog.ReadAsync(connection, slot, publication, long.Parse(rows, System.Globalization.CultureInfo.InvariantCulture));
                return true;
            case ["child-kafka", var connection, var rows]:
                await KafkaBenchmark.ProduceAsync(connection, long.Parse(rows, System.Globalization.CultureInfo.InvariantCulture));
                return true;
            default:
                return false;
        }
    }

    private static async Task SnapshotAsync(string connection, string readers)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        await PipelineRun.Create<SnapshotPipeline>(
            connection, new PipelineOptions(), settings: new Dictionary<string, string> { ["SnapshotReaders"] = readers }).RunAsync(CancellationToken.None);
        var perRow = (double)(GC.GetTotalAllocatedBytes() - allocated) / NullSink.Rows;
        Console.WriteLine($"{NullSink.Rows} {Invariant(perRow)} {PeakMemory.Megabytes}");
    }

    private static async Task LogAsync(string connection, string slot, double checkpointSeconds, string folder)
    {
        var interval = checkpointSeconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(checkpointSeconds);
        var runner = PipelineRun.Create<LogPipeline>(
            connection, new PipelineOptions { Boundedness = Boundedness.UntilCaughtUp, CheckpointInterval = interval }, Store(folder), Settings(slot));
        await runner.RunAsync(CancellationToken.None);
        Console.WriteLine($"{NullSink.Rows} {runner.History.Count} {PeakMemory.Megabytes}");
    }

    // Prints a line when the first row arrives, and then goes on until it is killed.
    private static async Task StreamAsync(string connection, string slot, string folder)
    {
        var isFirst = 1;
        NullSink.Arrived = rows =>
        {
            if (Interlocked.Exchange(ref isFirst, 0) == 1)
            {
                Console.WriteLine($"row {rows}");
                Console.Out.Flush();
            }
        };
        await PipelineRun.Create<LogPipeline>(
            connection, new PipelineOptions { CheckpointInterval = TimeSpan.FromMilliseconds(500) }, Store(folder), Settings(slot)).RunAsync(CancellationToken.None);
    }

    private static Dictionary<string, string> Settings(string slot) => new() { ["Slot"] = slot, ["Publication"] = "bench" };

    private static FileCheckpointStore Store(string folder) => new("bench-log", folder, LocalFileSystem.Default, TimeProvider.System);

    private static string Invariant(double value) => value.ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
}
