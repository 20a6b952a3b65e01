using CdcFlow.Formats.Records;
using CdcFlow.Kafka;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>One table into a topic of two partitions, whose transaction decides, and a staged sink, which follows.</summary>
[CdcPipeline("small-kafka")]
public sealed partial class KafkaPipeline
{
    [InMemorySource("shop"), InMemoryStagedSink("lake")]
    [KafkaSink("bus", Topic = "items", MarkerTopic = "cdcflow.pipeline.bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 2)]
    public partial Changes<Item> Items { get; }
}

/// <summary>One table into a topic of one partition.</summary>
[CdcPipeline("linear-kafka")]
public sealed partial class LinearKafkaPipeline
{
    [InMemorySource("shop")]
    [KafkaSink("bus", Topic = "items", MarkerTopic = "cdcflow.pipeline.bus", Format = RecordFormat.Json, CreateTopic = true, Partitions = 1)]
    public partial Changes<Item> Items { get; }
}
