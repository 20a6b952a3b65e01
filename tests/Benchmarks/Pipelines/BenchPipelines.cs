using CdcFlow.Benchmarks.Workloads;
using CdcFlow.Formats.Records;
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
