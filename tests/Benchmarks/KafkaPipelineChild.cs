using System.Globalization;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Pipelines;
using CdcFlow.Runtime;
using CdcFlow.Sources;

namespace CdcFlow.Benchmarks;

/// <summary>A pipeline into Kafka, in a process of its own; prints the bytes that it allocated and the most memory that it had.</summary>
internal static class KafkaPipelineChild
{
    internal static async Task RunAsync(string what, string connection, string bus, string slot, string topic)
    {
        // A marker of its own: the checkpoints of this run are forgotten with it.
        Dictionary<string, string> settings = new() { ["Topic"] = topic, ["MarkerTopic"] = $"{topic}.marker" };
        if (slot.Length > 0)
        {
            (settings["Slot"], settings["Publication"]) = (slot, "bench");
        }

        var options = new PipelineOptions { CheckpointInterval = TimeSpan.FromSeconds(1), Boundedness = Boundedness.UntilCaughtUp };
        var runner = what switch
        {
            "snapshot" => PipelineRun.Create<SnapshotToKafka>(connection, options, null, settings, bus),
            "at-least-once" => PipelineRun.Create<SnapshotToKafkaAtLeastOnce>(connection, options, null, settings, bus),
            _ => PipelineRun.Create<LogToKafka>(connection, options, null, settings, bus),
        };
        var allocated = GC.GetTotalAllocatedBytes();
        await runner.RunAsync(CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalAllocatedBytes() - allocated} {PeakMemory.Megabytes}"));
    }
}
