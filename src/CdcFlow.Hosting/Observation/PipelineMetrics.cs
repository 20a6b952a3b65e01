using System.Diagnostics.Metrics;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Observation;

/// <summary>A pipeline's numbers on the meter <c>CdcFlow</c>; every one carries the tag <c>pipeline</c>.</summary>
internal sealed class PipelineMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CdcFlow";

    private readonly Meter meter;
    private readonly HostedPipeline pipeline;
    private readonly KeyValuePair<string, object?> tag;
    private readonly Histogram<double> checkpointDuration;
    private readonly Histogram<long> checkpointSize;
    private readonly Counter<long> checkpointFailures;
    private readonly Counter<long> restarts;

    public PipelineMetrics(IMeterFactory meters, HostedPipeline pipeline)
    {
        this.pipeline = pipeline;
        tag = new("pipeline", pipeline.Graph.Name);
        meter = meters.Create(MeterName);
        checkpointDuration = meter.CreateHistogram<double>("cdcflow.checkpoint.duration", "s", "From the first barrier to the last commit and confirmation.");
        checkpointSize = meter.CreateHistogram<long>("cdcflow.checkpoint.size", "By", "States and committables of one checkpoint.");
        checkpointFailures = meter.CreateCounter<long>("cdcflow.checkpoint.failures", "{checkpoint}", "Checkpoints that were given up.");
        restarts = meter.CreateCounter<long>("cdcflow.pipeline.restarts", "{restart}", "Restarts after a fault.");
        meter.CreateObservableGauge("cdcflow.checkpoint.age", CheckpointAge, "s", "Age of what would be read again after a crash.");
        meter.CreateObservableGauge("cdcflow.source.lag", SourceLag, "By", "Log bytes between what was handed over and the server's head.");
        meter.CreateObservableCounter("cdcflow.node.rows.in", () => Nodes(node => node.RowsIn), "{row}", "Changes that a node took; for a sink, wrote.");
        meter.CreateObservableCounter("cdcflow.node.rows.out", () => Nodes(node => node.RowsOut), "{row}", "Changes that a node handed on; for a source, read.");
        meter.CreateObservableUpDownCounter("cdcflow.node.queue.length", () => Nodes(node => node.QueueLength), "{element}", "Batches, mostly, that wait for a node.");
        meter.CreateObservableCounter("cdcflow.node.busy", () => Nodes(node => node.Busy.TotalSeconds), "s", "Time that a node spent on batches, waiting for its consumers included.");
        meter.CreateObservableCounter("cdcflow.node.backpressured", () => Nodes(node => node.BackPressured.TotalSeconds), "s", "Time that a node waited for its consumers.");
        meter.CreateObservableGauge("cdcflow.snapshot.rows", SnapshotRows, "{row}", "Rows read of a table's snapshot in this run.");
    }

    public void Checkpoint(CheckpointReport report)
    {
        if (report.Outcome == CheckpointOutcome.Committed)
        {
            checkpointDuration.Record(report.Duration.TotalSeconds, tag);
            checkpointSize.Record(report.StateBytes, tag);
        }
        else
        {
            checkpointFailures.Add(1, tag);
        }
    }

    public void Restart() => restarts.Add(1, tag);

    public void Dispose() => meter.Dispose();

    private Measurement<double> CheckpointAge() => new((pipeline.Time.GetUtcNow() - pipeline.Status.ProgressedAt).TotalSeconds, tag);

    private IEnumerable<Measurement<TValue>> Nodes<TValue>(Func<NodeStatus, TValue> value)
        where TValue : struct => pipeline.Runner.Nodes.Select(node => new Measurement<TValue>(value(node), tag, new("node", node.Id)));

    private IEnumerable<Measurement<long>> SourceLag() =>
        from source in pipeline.Runner.Progress
        let lag = source.Value.LagBytes
        where lag.HasValue
        select new Measurement<long>(lag.GetValueOrDefault(), tag, new("source", source.Key));

    private IEnumerable<Measurement<long>> SnapshotRows() =>
        from source in pipeline.Runner.Progress
        from table in source.Value.Tables
        select new Measurement<long>(table.Rows, tag, new("source", source.Key), new("table", table.Table.ToString()));
}
