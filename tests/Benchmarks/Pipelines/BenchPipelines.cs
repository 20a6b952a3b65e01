using CdcFlow.Benchmarks.Workloads;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka;
using CdcFlow.Postgres;

namespace CdcFlow.Benchmarks.Pipelines;

/// <summary>Reads the whole table, decodes every column, and ends.</summary>
[CdcPipeline("bench-snapshot")]
public sealed partial class SnapshotPipeline
{
    /// <summary>An encoder of the table's rows.</summary>
    internal static IRecordEncoder<OrderLine> Encoder(RecordOptions options) => RecordEncoders.Create<OrderLine, OrderLineCodec>(options);

    [PostgresSource("bench", Startup = Startup.SnapshotOnly)]
    [NullSink("null")]
    public partial Changes<OrderLine> Lines { get; }
}

/// <summary>Reads the log from where the slot stands, decodes every column.</summary>
[CdcPipeline("bench-log")]
public sealed partial class LogPipeline
{
    [PostgresSource("bench", Startup = Startup.Committed)]
    [NullSink("null")]
    public partial Changes<OrderLine> Lines { get; }
}

/// <summary>The whole table as Debezium's records, exactly once.</summary>
[CdcPipeline("bench-kafka-snapshot", Delivery = Delivery.ExactlyOnce)]
public sealed partial class SnapshotToKafka
{
    [PostgresSource("bench", Startup = Startup.SnapshotOnly)]
    [KafkaSink("bus", CreateTopic = true, Partitions = 3)]
    public partial Changes<OrderLine> Lines { get; }
}

/// <summary>The whole table as Debezium's records, without transactions.</summary>
[CdcPipeline("bench-kafka-at-least-once", Delivery = Delivery.AtLeastOnce)]
public sealed partial class SnapshotToKafkaAtLeastOnce
{
    [PostgresSource("bench", Startup = Startup.SnapshotOnly)]
    [KafkaSink("bus", CreateTopic = true, Partitions = 3)]
    public partial Changes<OrderLine> Lines { get; }
}

/// <summary>The log as Debezium's records, exactly once.</summary>
[CdcPipeline("bench-kafka-log", Delivery = Delivery.ExactlyOnce)]
public sealed partial class LogToKafka
{
    [PostgresSource("bench", Startup = Startup.Committed)]
    [KafkaSink("bus", CreateTopic = true, Partitions = 3)]
    public partial Changes<OrderLine> Lines { get; }
}
