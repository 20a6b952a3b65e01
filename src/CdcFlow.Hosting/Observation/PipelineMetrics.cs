using System.Diagnostics.Metrics;
using CdcFlow.Batches;
using CdcFlow.Runtime;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Observation;

/// <summary>A pipeline's numbers on the meter <c>CdcFlow</c>; every one carries the tag <c>pipeline</c>.</summary>
internal sealed class PipelineMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CdcFlow";

    // From a tenth of a millisecond to ten minutes: a batch of a fused chain, and a checkpoint that waits for a slow sink.
    private static readonly InstrumentAdvice<double> seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600],
    };

    private readonly Meter meter;
    private readonly HostedPipeline pipeline;
    private readonly KeyValuePair<string, object?> tag;
    private readonly Histogram<double> checkpointDuration;
    private readonly Histogram<long> checkpointSize;
    private readonly Histogram<double> deliveryDelay;
    private readonly Histogram<double> nodeDuration;
    private readonly Counter<long> checkpointFailures;
    private readonly Counter<long> restarts;

    public PipelineMetrics(IMeterFactory meters, HostedPipeline pipeline)
    {
        this.pipeline = pipeline;
        tag = new("pipeline", pipeline.Graph.Name);
        meter = meters.Create(MeterName);
        checkpointDuration = meter.CreateHistogram<double>("cdcflow.checkpoint.duration", "s", "From the first barrier to the last commit and confirmation.", tags: null, seconds);
        checkpointSize = meter.CreateHistogram<long>("cdcflow.checkpoint.size", "By", "States and committables of one checkpoint.");
        checkpointFailures = meter.CreateCounter<long>("cdcflow.checkpoint.failures", "{checkpoint}", "Checkpoints that were given up.");
        restarts = meter.CreateCounter<long>("cdcflow.pipeline.restarts", "{restart}", "Restarts after a fault.");
        meter.CreateObservableGauge("cdcflow.checkpoint.age", CheckpointAge, "s", "Age of what would be read again after a crash.");
        deliveryDelay = meter.CreateHistogram<double>("cdcflow.delivery.delay", "s", "From the commit of a checkpoint's oldest change at its source to its commit in every sink.", tags: null, seconds);
        nodeDuration = meter.CreateHistogram<double>("cdcflow.node.duration", "s", "Time that a node took for one batch, waiting for its consumers included.", tags: null, seconds);
        meter.CreateObservableCounter("cdcflow.source.events", SourceEvents, "{event}", "Changes that a source's table gave.");
        meter.CreateObservableGauge("cdcflow.source.lag", SourceLag, "s", "Age of the last commit that was handed over; 0 at the head of the log.");
        meter.CreateObservableGauge("cdcflow.source.unread_log", () => Sources(source => source.LagBytes), "By", "Log between what was handed over and the server's head.");
        meter.CreateObservableGauge("cdcflow.source.retained_log", () => Sources(source => source.RetainedBytes), "By", "Log that the server must keep for the source.");
        meter.CreateObservableCounter("cdcflow.sink.records", SinkRecords, "{record}", "Changes that a sink took.");
        meter.CreateObservableCounter("cdcflow.sink.retries", SinkRetries, "{retry}", "Failures of a sink's connection that sent the pipeline back to its last checkpoint.");
        meter.CreateObservableCounter("cdcflow.node.rows.in", () => Nodes(node => node.RowsIn), "{row}", "Changes that a node took; for a sink, wrote.");
        meter.CreateObservableCounter("cdcflow.node.rows.out", () => Nodes(node => node.RowsOut), "{row}", "Changes that a node handed on; for a source, read.");
        meter.CreateObservableUpDownCounter("cdcflow.node.queue.length", () => Nodes(node => node.QueueLength), "{element}", "Batches, mostly, that wait for a node.");
        meter.CreateObservableCounter("cdcflow.node.busy", () => Nodes(node => node.Busy.TotalSeconds), "s", "Time that a node spent on batches, waiting for its consumers included.");
        meter.CreateObservableCounter("cdcflow.node.backpressured", () => Nodes(node => node.BackPressured.TotalSeconds), "s", "Time that a node waited for its consumers.");
        meter.CreateObservableCounter("cdcflow.node.rejects", Rejects, "{row}", "Changes that a node or sink set aside (action dead_letter) or left out (skip).");
        meter.CreateObservableGauge("cdcflow.snapshot.rows", () => Snapshots(table => table.Rows), "{row}", "Rows read of a table's snapshot in this run.");
        meter.CreateObservableGauge("cdcflow.snapshot.rows.remaining", () => Snapshots(Remaining), "{row}", "Rows of a table's snapshot still to be read, as the server estimates.");
    }

    public void Checkpoint(CheckpointReport report)
    {
        if (report.Outcome == CheckpointOutcome.Committed)
        {
            checkpointDuration.Record(report.Duration.TotalSeconds, tag);
            checkpointSize.Record(report.StateBytes, tag);
            if (report.DeliveryDelay is { } delay)
            {
                deliveryDelay.Record(delay.TotalSeconds, tag);
            }
        }
        else
        {
            checkpointFailures.Add(1, tag);
        }
    }

    public void Batch(string node, TimeSpan elapsed) => nodeDuration.Record(elapsed.TotalSeconds, tag, new("node", node));

    public void Restart() => restarts.Add(1, tag);

    public void Dispose() => meter.Dispose();

    private Measurement<double> CheckpointAge() => new((pipeline.Time.GetUtcNow() - pipeline.Status.ProgressedAt).TotalSeconds, tag);

    private IEnumerable<Measurement<TValue>> Nodes<TValue>(Func<NodeStatus, TValue> value)
        where TValue : struct => pipeline.Runner.Nodes.Select(node => new Measurement<TValue>(value(node), tag, new("node", node.Id)));

    private IEnumerable<Measurement<long>> Rejects() =>
        from node in pipeline.Runner.Nodes
        where node.LastRejected is not null
        from count in new[] { (Action: "dead_letter", Count: node.Rejected), (Action: "skip", Count: node.Skipped) }
        select new Measurement<long>(count.Count, tag, new("node", node.Id), new("action", count.Action));

    private IEnumerable<Measurement<long>> SourceEvents() =>
        from node in pipeline.Graph.Nodes
        where node.Kind == GraphNodeKind.Source
        join status in pipeline.Runner.Nodes on node.Id equals status.Id
        from count in ByOperation(status.Read)
        select new Measurement<long>(count.Count, tag, new("node", node.Id), new("operation", count.Operation));

    private static IEnumerable<(string Operation, long Count)> ByOperation(OperationCounts counts) =>
    [
        ("snapshot_read", counts.SnapshotReads), ("insert", counts.Inserts), ("update", counts.Updates), ("delete", counts.Deletes), ("truncate", counts.Truncates),
    ];

    /// <summary>While there is log to read, what was handed over last is as old as its commit.</summary>
    private IEnumerable<Measurement<double>> SourceLag() =>
        from source in pipeline.Runner.Progress
        let lag = source.Value.LagBytes == 0 ? TimeSpan.Zero : pipeline.Time.GetUtcNow() - source.Value.LastCommit
        where lag.HasValue
        select new Measurement<double>(Math.Max(0, lag.GetValueOrDefault().TotalSeconds), tag, new("source", source.Key));

    private IEnumerable<Measurement<long>> Sources(Func<SourceProgress, long?> value) =>
        from source in pipeline.Runner.Progress
        let known = value(source.Value)
        where known.HasValue
        select new Measurement<long>(known.GetValueOrDefault(), tag, new("source", source.Key));

    private IEnumerable<Measurement<long>> SinkRecords() =>
        from node in pipeline.Graph.Nodes
        where node.Kind == GraphNodeKind.Sink
        join status in pipeline.Runner.Nodes on node.Id equals status.Id
        select new Measurement<long>(status.RowsIn, tag, new("sink", node.Id));

    private IEnumerable<Measurement<long>> SinkRetries() =>
        from status in pipeline.Runner.Nodes
        where status.IsSinkConnection
        select new Measurement<long>(status.Failures, tag, new("connection", status.Id));

    private IEnumerable<Measurement<long>> Snapshots(Func<TableProgress, long?> value) =>
        from source in pipeline.Runner.Progress
        from table in source.Value.Tables
        let known = value(table)
        where known.HasValue
        select new Measurement<long>(known.GetValueOrDefault(), tag, new("source", source.Key), new("table", table.Table.ToString()));

    private static long? Remaining(TableProgress table) =>
        table.IsComplete ? 0
        : table.EstimatedRows is { } estimate ? Math.Max(0, estimate - table.Rows)
        : null;
}
